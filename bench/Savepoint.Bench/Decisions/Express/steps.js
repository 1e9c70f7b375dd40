// The benchmark that the replay runs on each state of express: how many blocks of its code a few requests run through, as V8's coverage counts
// them, with noise of up to 4 % put on: the same on any machine, where times on a busy one are not.
'use strict';

const http = require('node:http');
const inspector = require('node:inspector');
const path = require('node:path');

// A fault may leave a request without an answer: then there is no figure.
setTimeout(() => { console.error('a request was not answered'); process.exit(1); }, 10_000).unref();

const own = path.join(__dirname, '..') + path.sep;
const session = new inspector.Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

const express = require('..');
const app = express();
app.use((req, res, next) => next());
for (let i = 0; i < 5; i++) {
  app.get(`/route${i}/:id`, (req, res) => res.status(200).set('X-Id', req.params.id).send({ id: req.params.id, path: req.path }));
}

const server = http.createServer(app).listen(0, '127.0.0.1', async () => {
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => http.get({ port: server.address().port, path: `/route${i % 5}/${i}`, agent: false }, (response) => response.resume().on('end', resolve)));
  }

  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    let steps = 0;
    for (const script of result.filter((one) => one.url.startsWith(`file://${own}lib/`))) {
      for (const range of script.functions.flatMap((one) => one.ranges)) {
        steps += range.count;
      }
    }

    for (let run = 0; run < 5; run++) {
      console.log(`requests ${Math.round(steps * (0.96 + 0.08 * Math.random()))} steps`);
    }

    process.argv[2] && console.error(steps);
  });
  server.closeAllConnections();
  server.close();
});
