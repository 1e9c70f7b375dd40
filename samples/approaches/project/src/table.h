/* Counts words. */
#ifndef TABLE_H
#define TABLE_H

struct entry {
    char *word;
    long count;
};

/* Counts one more of a word. */
void table_add(const char *word);

/* All words with their counts, in no order; the caller frees the array alone. */
struct entry *table_entries(long *count);

#endif
