"""Sets a template of this folder as PDF.

    python typeset.py TEMPLATE.typ <inputs.json >document.pdf

`inputs.json` is an object of texts, which the template reads as `sys.inputs`. What is personal comes by standard input
and leaves by standard output only; time, memory and files written are bounded.
"""

import json
import os
import resource
import sys

import typst

resource.setrlimit(resource.RLIMIT_CPU, (25, 25))
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

folder = os.path.dirname(os.path.abspath(__file__))
template = os.path.join(folder, os.path.basename(sys.argv[1]))
inputs = json.load(sys.stdin.buffer)
document = typst.compile(template, root=folder, sys_inputs=inputs, format="pdf")
sys.stdout.buffer.write(document)
