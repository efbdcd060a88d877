/** The edits of the scripted session: what the model does, and whether it is to hear from us. */

type EditKind = 'dangerous' | 'clean' | 'near-miss';

export interface SessionEdit {
  readonly label: string;
  readonly kind: EditKind;
  readonly tool: 'Write' | 'Edit' | 'NotebookEdit';
  /** Relative to the project. */
  readonly file: string;
  /** The tool's other arguments. */
  readonly input: Readonly<Record<string, string>>;
  /** The rule that speaks, for dangerous edits. */
  readonly ruleId?: string;
}

const cell = (id: string, source: readonly string[]): unknown => ({
  cell_type: 'code',
  execution_count: null,
  id,
  metadata: {},
  outputs: [],
  source,
});

const NOTEBOOK = {
  cells: [
    cell('imports', ['import torch\n', 'from model import Net']),
    cell('load', ['net = Net()']),
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
};

/** What the project holds before the session. */
export const PROJECT_FILES: Readonly<Record<string, string>> = {
  'app/settings.py': `"""Settings of the invoice service."""
import pickle

PAGE_SIZE = 20


def load_session(blob: bytes) -> dict:
    return pickle.loads(blob)
`,
  'web/render.js': `export function render(box, invoice) {
  box.textContent = invoice.title;
}
`,
  'web/server.js': `import { exec } from 'node:child_process';
import express from 'express';

export const app = express();
`,
  'notebooks/train.ipynb': `${JSON.stringify(NOTEBOOK, null, 1)}\n`,
};

export const EDITS: readonly SessionEdit[] = [
  {
    label: 'a data class',
    kind: 'clean',
    tool: 'Write',
    file: 'app/models.py',
    input: {
      content: `from dataclasses import dataclass
import json


@dataclass
class Invoice:
    number: int
    title: str

    @classmethod
    def from_json(cls, text: str) -> "Invoice":
        return cls(**json.loads(text))
`,
    },
  },
  {
    label: 'yaml.load on an upload',
    kind: 'dangerous',
    tool: 'Write',
    file: 'app/importer.py',
    input: {
      content: `import yaml


def read_upload(stream):
    return yaml.load(stream)
`,
    },
    ruleId: 'python-yaml-unsafe-load',
  },
  {
    label: 'the fix: yaml.safe_load',
    kind: 'clean',
    tool: 'Edit',
    file: 'app/importer.py',
    input: { old_string: 'yaml.load(stream)', new_string: 'yaml.safe_load(stream)' },
  },
  {
    label: 'beside an old pickle.loads',
    kind: 'near-miss',
    tool: 'Edit',
    file: 'app/settings.py',
    input: { old_string: 'PAGE_SIZE = 20', new_string: 'PAGE_SIZE = 50' },
  },
  {
    label: 'a shell command with a file name in it',
    kind: 'dangerous',
    tool: 'Write',
    file: 'app/thumbnails.py',
    input: {
      content: `import subprocess


def thumbnail(path: str) -> None:
    subprocess.run(
        f"convert {path} -resize 200x200 {path}.png",
        shell=True,
        check=True,
    )
`,
    },
    ruleId: 'python-subprocess-shell',
  },
  {
    label: 'the safe spellings of all that',
    kind: 'near-miss',
    tool: 'Write',
    file: 'app/report.py',
    input: {
      content: `import subprocess
import yaml

# pickle.loads(blob) and eval(text) have no place here.
HELP = "do not call os.system(command)"


def report(stream, path):
    data = yaml.load(
        stream,
        Loader=yaml.SafeLoader,
    )
    subprocess.run(["convert", path, "report.pdf"], check=True)
    return data
`,
    },
  },
  {
    label: 'raw HTML in a React component',
    kind: 'dangerous',
    tool: 'Write',
    file: 'web/Comment.tsx',
    input: {
      content: `export function Comment({ comment }: { comment: { author: string; html: string } }) {
  return (
    <article>
      <h3>{comment.author}</h3>
      <div dangerouslySetInnerHTML={{ __html: comment.html }} />
    </article>
  );
}
`,
    },
    ruleId: 'react-dangerously-set-inner-html',
  },
  {
    label: 'innerHTML read, not written',
    kind: 'near-miss',
    tool: 'Edit',
    file: 'web/render.js',
    input: {
      old_string: '  box.textContent = invoice.title;',
      new_string: "  if (box.innerHTML === '') box.textContent = invoice.title;",
    },
  },
  {
    label: 'a request parameter in a shell',
    kind: 'dangerous',
    tool: 'Edit',
    file: 'web/server.js',
    input: {
      old_string: 'export const app = express();\n',
      new_string: `export const app = express();

app.get('/thumbnail', (request, response) => {
  exec(\`convert \${request.query.name} out.png\`, () => response.sendFile('out.png'));
});
`,
    },
    ruleId: 'node-child-process-exec',
  },
  {
    label: 'an issue title in a workflow script',
    kind: 'dangerous',
    tool: 'Write',
    file: '.github/workflows/triage.yml',
    input: {
      content: `name: triage
on:
  issues:
    types: [opened]
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - run: ./label.sh "\${{ github.event.issue.title }}"
`,
    },
    ruleId: 'github-actions-script-injection',
  },
  {
    label: 'sh -c in Go',
    kind: 'dangerous',
    tool: 'Write',
    file: 'cmd/unpack/main.go',
    input: {
      content: `package main

import (
	"os"
	"os/exec"
)

func main() {
	script := "tar xf " + os.Args[1]
	if err := exec.Command("sh", "-c", script).Run(); err != nil {
		os.Exit(1)
	}
}
`,
    },
    ruleId: 'go-exec-shell',
  },
  {
    label: 'a pickled model in a notebook',
    kind: 'dangerous',
    tool: 'NotebookEdit',
    file: 'notebooks/train.ipynb',
    input: {
      cell_id: 'load',
      new_source: 'net = Net()\nnet.load_state_dict(torch.load("upload.pt", weights_only=False))',
    },
    ruleId: 'python-torch-load-full-pickle',
  },
  {
    label: 'a guide that shows what not to do',
    kind: 'near-miss',
    tool: 'Write',
    file: 'docs/security.md',
    input: {
      content: `# Do not

- \`yaml.load(stream)\`: use \`yaml.safe_load\`
- \`eval(text)\`, \`pickle.loads(blob)\`, \`os.system(command)\`
- \`element.innerHTML = text\`: use \`textContent\`
`,
    },
  },
  {
    label: 'TLS verification switched off',
    kind: 'dangerous',
    tool: 'Write',
    file: 'app/client.py',
    input: {
      content: `import requests


def fetch(url: str) -> bytes:
    return requests.get(url, timeout=10, verify=False).content
`,
    },
    ruleId: 'python-tls-verification-disabled',
  },
  {
    label: 'a finding kept with a reason',
    kind: 'near-miss',
    tool: 'Write',
    file: 'app/cache.py',
    input: {
      content: `import pickle


def read(path):
    with open(path, "rb") as file:
        # sg-ignore: python-pickle-load -- written by this process alone, 0600
        return pickle.load(file)
`,
    },
  },
];
