#!/bin/bash
# check_po.sh - every word marked with N_() in src/ is translated in every catalogue of po/, and every catalogue compiles.
exec "$(dirname "$0")/po.sh" check
