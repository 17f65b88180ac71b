#!/bin/bash -eu
exec bash "$SRC/ecgen/.clusterfuzzlite/build.sh"
