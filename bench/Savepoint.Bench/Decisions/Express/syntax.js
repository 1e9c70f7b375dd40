// The build that the replay runs on each state of express: whether every source file can be read, as 'node --check' has it, but of all in one process.
'use strict';

const fs = require('node:fs');
const module_ = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

function sources(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? sources(name) : name.endsWith('.js') ? [name] : [];
  });
}

for (const file of ['index.js', ...sources('lib')]) {
  try {
    new vm.Script(module_.wrap(fs.readFileSync(file, 'utf8')), { filename: file }); // eslint-disable-line no-new
  } catch (error) {
    console.error(`${error.stack.split('\n\n')[0]}\n\n${error}`);
    process.exitCode = 1;
  }
}
