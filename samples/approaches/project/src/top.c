/* Prints the ten most frequent words of standard input with their counts. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int most = 10;

static int by_count(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : strcmp(a->word, b->word);
}

int main(void)
{
    char word[128];
    while (scanf("%127s", word) == 1)
        table_add(word);

    long count;
    struct entry *entries = table_entries(&count);
    qsort(entries, count, sizeof *entries, by_count);
    for (long i = 0; i < count && i < most; i++)
        printf("%ld %s\n", entries[i].count, entries[i].word);
    free(entries);
    return 0;
}
