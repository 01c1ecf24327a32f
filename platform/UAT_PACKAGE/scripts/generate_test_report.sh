#!/usr/bin/env bash
# Makes an HTML page of what run_all_tests.sh recorded, and prints where it is. Runs no test again.
# REPORTS_DIR: where the record is and the page goes (default: UAT_PACKAGE/reports beside this folder).
set -euo pipefail

scripts="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
. "$scripts/common.sh"
require_module junit2htmlreport

if [ ! -s "$reports/junit.xml" ]; then
  echo "There is no record of a test run in $reports: run $scripts/run_all_tests.sh first." >&2
  exit 2
fi
"$python" -m junit2htmlreport "$reports/junit.xml" "$reports/report.html"
echo "Report: $reports/report.html"
