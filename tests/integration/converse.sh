#!/bin/sh
# converse.sh FOLDER: the web client of the tests, from npm into FOLDER/converse, the same bytes every time.
set -eu

version=14.0.0
sum=2c5520d37d230da955e3bbc8fefc953ea60f65f2585c56ee6eaf2fd1c1437b6c\
d735e786124dd4a74163fd64f34fab7ee9da3e700213a32ef77808fb44d0e3d9

[ ! -e "$1/converse/$version" ] || exit 0
mkdir -p "$1"
cd "$1"
rm -rf converse converse.js-*.tgz package
npm pack --silent "converse.js@$version" >/dev/null
if ! echo "$sum  converse.js-$version.tgz" | sha512sum --check --status; then
    echo "converse.js $version from npm is not what it was; it is not used" >&2
    exit 1
fi
tar -xzf "converse.js-$version.tgz"
mv package converse
rm "converse.js-$version.tgz"
touch "converse/$version"
echo "converse.js $version in $1/converse"
