#!/bin/sh
# Slower: a sorted array can be searched by halves, but this one is sorted anew for each new word.
cat > src/table.c <<'C'
/* A sorted array: a word is looked for by halves. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

static struct entry *entries;
static long length, room;

static int by_word(const void *x, const void *y)
{
    return strcmp(((const struct entry *)x)->word, ((const struct entry *)y)->word);
}

void table_add(const char *word)
{
    struct entry key = { (char *)word, 1 };
    struct entry *found = length ? bsearch(&key, entries, length, sizeof key, by_word) : NULL;
    if (found) {
        found->count++;
        return;
    }

    if (length == room) {
        room = room ? 2 * room : 64;
        entries = realloc(entries, room * sizeof *entries);
    }

    key.word = strdup(word);
    entries[length++] = key;
    qsort(entries, length, sizeof *entries, by_word);
}

struct entry *table_entries(long *count)
{
    struct entry *copy = malloc((length + 1) * sizeof *copy);
    memcpy(copy, entries, length * sizeof *copy);
    *count = length;
    return copy;
}
C
