#!/bin/sh
# Fails a test: fewer different words make a shorter list, but they are not the same words.
sed -i 's|^#include <stdlib.h>|#include <stdlib.h>\n#include <strings.h>|; s|strcmp(node->entry.word, word)|strcasecmp(node->entry.word, word)|' src/table.c
