#!/bin/sh
# Counts a text of 20,000 words, 5,000 of them different: what it costs is the time it takes.
awk 'BEGIN { srand(1); for (i = 0; i < 20000; i++) printf "w%dx%d\n", int(rand() * 5000), 7 }' | build/top > /dev/null
