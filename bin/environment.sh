# Sourced by the scripts beside it: a .venv with exactly what the lock names.
#
#     root=…; . "$root/bin/environment.sh"; environment runtime|dev
#
# Needs Python 3.11 or later with its venv module, and a package index; nothing else.
# Afterwards $root/.venv/bin/python is there, or the script has ended with a remedy.

# The stamp is the lock itself and the place it was installed in: a lock that changed,
# or a directory that moved, is noticed by comparing, without starting Python.
_stamped() {
    [ -x "$root/.venv/bin/python" ] && [ -f "$root/.venv/$1.stamp" ] &&
        { echo "$root" && cat "$root/requirements/$1.txt"; } |
        cmp -s - "$root/.venv/$1.stamp"
}

_old_enough='import sys; sys.exit(sys.version_info < (3, 11))'
_complete='import ensurepip, venv'

_find_python() {
    found=
    for candidate in "${POLDER_PYTHON:-}" python3.14 python3.13 python3.12 python3.11 \
        python3 python; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
        "$candidate" -c "$_old_enough" >/dev/null 2>&1 || continue
        found=$candidate
        if "$candidate" -c "$_complete" >/dev/null 2>&1; then
            python=$candidate
            return
        fi
    done
    if [ -n "$found" ]; then
        version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "polder: Python $version has no venv module. On Debian or Ubuntu:" \
            "apt install python$version-venv" >&2
    else
        echo "polder: Python 3.11 or later is needed and none was found." \
            "Install it (https://www.python.org/downloads/), or name it:" \
            "POLDER_PYTHON=/path/to/python3" >&2
    fi
    exit 1
}

environment() {
    _stamped "$1" && return
    _find_python
    "$python" -I "$root/bin/bootstrap.py" "$1" || exit 1
}
