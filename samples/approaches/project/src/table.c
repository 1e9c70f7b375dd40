/* A list: every word is looked for from the front. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct node {
    struct entry entry;
    struct node *next;
};

static struct node *first;
static long length;

void table_add(const char *word)
{
    for (struct node *node = first; node; node = node->next) {
        if (strcmp(node->entry.word, word) == 0) {
            node->entry.count++;
            return;
        }
    }

    struct node *node = malloc(sizeof *node);
    node->entry.word = strdup(word);
    node->entry.count = 1;
    node->next = first;
    first = node;
    length++;
}

struct entry *table_entries(long *count)
{
    struct entry *entries = malloc((length + 1) * sizeof *entries);
    long i = 0;
    for (struct node *node = first; node; node = node->next)
        entries[i++] = node->entry;
    *count = length;
    return entries;
}
