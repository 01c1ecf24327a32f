#!/usr/bin/env bash
# Runs the platform's whole test suite and records it as JUnit XML.
#   UAT_PACKAGE/scripts/run_all_tests.sh [pytest arguments]
# REPORTS_DIR: where the record goes (default: UAT_PACKAGE/reports beside this folder).
set -euo pipefail

scripts="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
. "$scripts/common.sh"
require_module pytest

cd "$platform"
exec "$python" -m pytest --junitxml="$reports/junit.xml" "$@"
