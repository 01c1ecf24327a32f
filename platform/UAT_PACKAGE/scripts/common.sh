# Shared by the scripts beside it: where the platform and the reports are, and which Python runs.
platform="$(cd -- "$scripts/../.." && pwd)"
mkdir -p "${REPORTS_DIR:-$platform/UAT_PACKAGE/reports}"
reports="$(cd -- "${REPORTS_DIR:-$platform/UAT_PACKAGE/reports}" && pwd)"

if ! python="$(command -v python || command -v python3)"; then
  echo "There is no Python on PATH: install Python 3.10 or newer." >&2
  exit 2
fi

# $1: a module that requirements-test.txt installs.
require_module() {
  if ! "$python" -c "import $1" 2>/dev/null; then
    echo "$python cannot import $1. Install the requirements first:" >&2
    echo "  $python -m pip install --require-hashes -r $platform/requirements.txt -r $platform/requirements-test.txt" >&2
    exit 2
  fi
}
