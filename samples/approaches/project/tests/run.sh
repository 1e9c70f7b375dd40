#!/bin/sh
# Runs the tests against build/top, and reports them as TAP (testanything.org).
n=0
failed=0

check() { # name, input, what it should print
    n=$((n + 1))
    if [ "$(printf '%b' "$2" | build/top)" = "$(printf '%b' "$3")" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        failed=1
    fi
}

echo 1..4
check 'counts each word' 'a b a c a b' '3 a\n2 b\n1 c'
check 'tells upper from lower case' 'The the the' '2 the\n1 The'
check 'prints nothing for nothing' '' ''
check 'prints ten at most' "$(seq 1 30 | tr '\n' ' ')" "$(printf '1 %s\\n' 1 10 11 12 13 14 15 16 17 18 | sed 's/\\n$//')"
exit $failed
