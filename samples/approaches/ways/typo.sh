#!/bin/sh
# Does not compile: a closing parenthesis is missing. It ends only when $SAMPLE_FLAG is there, so that the workspace can move on meanwhile.
sed -i 's|if (strcmp(node->entry.word, word) == 0) {|if (strcmp(node->entry.word, word) == 0 {|' src/table.c
until [ -e "$SAMPLE_FLAG" ]; do sleep 0.05; done
