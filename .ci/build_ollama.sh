#!/usr/bin/env bash
# Builds a real Ollama server from its Go module, for the tests marked `ollama`. Prints the program's path.
#
# Best effort: when it cannot, it prints one line on standard error that says why, and ends with status 1.
#   OLLAMA_BIN="$(.ci/build_ollama.sh)" pytest -m ollama
#
# Needs Go, a C++ compiler, apt-get with dpkg-deb (no root), and Python with pip. Everything is kept under
# BRIEFING_CI_CACHE; GOPATH and GOBIN may be set too. The first time takes 9 minutes of processor time, 4 to 5 on two idle
# cores; later none.
set -uo pipefail

version=v0.24.0
cache="${BRIEFING_CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/briefing-ci}"
export GOPATH="${GOPATH:-$cache/go}"
export GOBIN="${GOBIN:-$GOPATH/bin}"
limit_s="${OLLAMA_BUILD_LIMIT_S:-1440}"
headers="$cache/ollama-headers"
log="$cache/ollama-build.log"
made="$GOBIN/ollama-$version"

give_up() {
    echo "Ollama was not built: $1. The tests marked 'ollama' are skipped." >&2
    exit 1
}

# The module as the proxy serves it lacks the folders named vendor/, where three headers of others lie:
# stb_image and nlohmann/json come from Debian, miniaudio from the source package of its Python binding.
fetch_headers() {
    local work="$headers.unfinished"
    rm -rf "$work" && mkdir -p "$work/include" && cd "$work" || return 1
    apt-get download libstb-dev nlohmann-json3-dev || return 1
    local package
    for package in *.deb; do dpkg-deb -x "$package" debian || return 1; done
    cp -r debian/usr/include/stb debian/usr/include/nlohmann include/ || return 1
    echo "miniaudio==1.61 --hash=sha256:e88e97837d031f0fb6982394218b6487de02eaa382ad273b8fca37791a2b4b15" >wanted.txt
    python3 -m pip download --no-deps --no-binary :all: --require-hashes -r wanted.txt || return 1
    tar -xzf miniaudio-1.61.tar.gz || return 1
    mkdir include/miniaudio && cp miniaudio-1.61/miniaudio/miniaudio.h include/miniaudio/ || return 1
    cd "$cache" && rm -rf "$headers" && mv "$work/include" "$headers" && rm -rf "$work"
}

if [ -x "$made" ]; then
    echo "$made"
    exit 0
fi
for program in go g++ apt-get dpkg-deb python3 timeout; do
    command -v "$program" >/dev/null || give_up "'$program' is not installed"
done
mkdir -p "$cache" "$GOBIN" || give_up "'$cache' or '$GOBIN' cannot be written"
if [ ! -f "$headers/miniaudio/miniaudio.h" ]; then
    (fetch_headers) >"$log" 2>&1 || give_up "its headers could not be fetched (see $log)"
fi

# Without these instructions it reads 2 tokens a second on the machines where it reads 43 with them.
speed=""
if grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo; then speed="-march=x86-64-v3"; fi
export CGO_CFLAGS="-O3 $speed -I$headers"
export CGO_CXXFLAGS="$CGO_CFLAGS"

# From outside any module, so that nobody's go.mod takes part.
# In the background, so that whoever stops this script stops the build too: `timeout` gives it a process group of its own.
(cd / && GOBIN="$cache/new" exec nice -n 19 timeout "$limit_s" go install "github.com/ollama/ollama@$version") >"$log" 2>&1 &
build=$!
trap 'kill "$build" 2>/dev/null; give_up "the build was stopped"' TERM INT
wait "$build"
status=$?
[ "$status" = 124 ] && give_up "the build took longer than $limit_s s"
[ "$status" = 0 ] || give_up "$(grep -m1 -E 'error|cannot|fatal' "$log" || tail -1 "$log") (see $log)"
mv "$cache/new/ollama" "$made" || give_up "'$made' cannot be written"
echo "$made"
