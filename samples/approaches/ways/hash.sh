#!/bin/sh
# The one that should win: words are looked for by their hash.
cat > src/table.c <<'C'
/* A hash table with chains: a word is looked for among those that share its bucket. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 16384

struct node {
    struct entry entry;
    struct node *next;
};

static struct node *buckets[BUCKETS];
static long length;

/* FNV-1a, 64 bits */
static unsigned long hash(const char *word)
{
    unsigned long h = 14695981039346656037UL;
    for (; *word; word++)
        h = (h ^ (unsigned char)*word) * 1099511628211UL;
    return h % BUCKETS;
}

void table_add(const char *word)
{
    struct node **bucket = &buckets[hash(word)];
    for (struct node *node = *bucket; node; node = node->next) {
        if (strcmp(node->entry.word, word) == 0) {
            node->entry.count++;
            return;
        }
    }

    struct node *node = malloc(sizeof *node);
    node->entry.word = strdup(word);
    node->entry.count = 1;
    node->next = *bucket;
    *bucket = node;
    length++;
}

struct entry *table_entries(long *count)
{
    struct entry *entries = malloc((length + 1) * sizeof *entries);
    long i = 0;
    for (long b = 0; b < BUCKETS; b++)
        for (struct node *node = buckets[b]; node; node = node->next)
            entries[i++] = node->entry;
    *count = length;
    return entries;
}
C
