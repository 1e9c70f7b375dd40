#!/bin/sh
# Builds build/top.
set -e
mkdir -p build
${CC:-cc} -O2 -Wall -std=gnu11 -o build/top src/table.c src/top.c
