#!/bin/sh
# Make the virtual environment $1 with the interpreter $2, or with the first that is Python 3.11 or later.

folder=$1
candidates=${2:-python3.11 python3.12 python3.13 python3.14 python3 python}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for candidate in $candidates; do
    if new_enough "$candidate"; then
        "$candidate" -m venv "$folder" && exit 0
        echo "$candidate could not make a virtual environment in $folder." >&2
        echo "On Debian and Ubuntu install the missing part with: apt-get install python3-venv" >&2
        exit 1
    fi
done

echo "untoward needs Python 3.11 or later; looked for: $candidates." >&2
echo "Say which one to use: make PYTHON=/path/to/python3.11" >&2
exit 1
