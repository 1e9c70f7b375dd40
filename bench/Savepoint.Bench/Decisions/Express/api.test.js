// The tests that the replay runs on each state of express: its behaviour from outside, the same for every version from 4.0.0 on.
'use strict';

const assert = require('node:assert');
const http = require('node:http');
const { after, before, test } = require('node:test');

const express = require('..');

let server;
let port;

function routes() {
  const app = express();
  const router = express.Router();
  app.set('title', 'replay');
  app.engine('tpl', (path, options, callback) => callback(null, `view ${options.name}`));
  app.set('views', __dirname);
  app.use((req, res, next) => { req.seen = ['first']; next(); });
  app.use((req, res, next) => { req.seen.push('second'); next(); });
  app.use('/router', router);
  router.param('id', (req, res, next, id) => { req.found = `found ${id}`; next(); });
  router.get('/item/:id', (req, res) => res.send(req.found));
  router.use((req, res) => res.send(`rest ${req.baseUrl} ${req.url}`));
  app.get('/text', (req, res) => res.send('text'));
  app.get('/buffer', (req, res) => res.send(Buffer.from('bytes')));
  app.get('/object', (req, res) => res.send({ a: 1 }));
  app.get('/json', (req, res) => res.json([1, 2]));
  app.get('/jsonp', (req, res) => res.jsonp({ b: 2 }));
  app.get('/status', (req, res) => res.status(201).send('made'));
  app.get('/send-status', (req, res) => res.sendStatus(202));
  app.get('/header', (req, res) => res.set('X-One', '1').send(res.get('X-One')));
  app.get('/headers', (req, res) => res.set({ 'X-A': 'a', 'X-B': 'b' }).send('set'));
  app.get('/type', (req, res) => res.type('html').send('<p>'));
  app.get('/cookie', (req, res) => res.cookie('name', 'value', { path: '/x' }).send('cookie'));
  app.get('/clear', (req, res) => res.clearCookie('name').send('cleared'));
  app.get('/redirect', (req, res) => res.redirect('/text'));
  app.get('/redirect-301', (req, res) => res.redirect(301, '/text'));
  app.get('/location', (req, res) => res.location('/there').send('moved'));
  app.get('/links', (req, res) => res.links({ next: '/2' }).send('links'));
  app.get('/vary', (req, res) => { res.vary('Accept'); res.send('vary'); });
  app.get('/attachment', (req, res) => res.attachment('a.txt').send('attached'));
  app.get('/format', (req, res) => res.format({ text: () => res.send('plain'), json: () => res.send({ is: 'json' }) }));
  app.get('/query', (req, res) => res.send(req.query.q));
  app.get('/params/:one/:two', (req, res) => res.send(`${req.params.two} ${req.params.one}`));
  app.get('/path/here', (req, res) => res.send(req.path));
  app.get('/get', (req, res) => res.send(req.get('X-Sent')));
  app.get('/accepts', (req, res) => res.send(req.accepts(['html', 'json']) || 'none'));
  app.get('/is', (req, res) => res.send(String(req.is('json'))));
  app.get('/protocol', (req, res) => res.send(`${req.protocol} ${req.secure} ${req.xhr}`));
  app.get('/seen', (req, res) => res.send(req.seen.join(' ')));
  app.get('/two', (req, res, next) => next(), (req, res) => res.send('the second'));
  app.get('/locals', (req, res) => { res.locals.name = 'here'; res.send(res.locals.name); });
  app.post('/method', (req, res) => res.send('posted'));
  app.put('/method', (req, res) => res.send('put'));
  app.delete('/method', (req, res) => res.send('deleted'));
  app.all('/all', (req, res) => res.send(`all ${req.method}`));
  app.route('/route').get((req, res) => res.send('route'));
  app.get('/render', (req, res) => res.render('page.tpl', { name: 'rendered' }));
  app.get('/throws', () => { throw new Error('thrown'); });
  app.get('/fails', (req, res, next) => next(new Error('passed on')));
  app.use((error, req, res, next) => res.status(500).send(`caught ${error.message}`)); // eslint-disable-line no-unused-vars
  return app;
}

// Whoever left so many requests without an answer is not waited for again.
const patience = 5;
let unanswered = 0;

function ask(method, path, headers) {
  return unanswered >= patience ? Promise.reject(new Error('no answer, and none to those before')) : new Promise((resolve, reject) => {
    const request = http.request({ method, path, port, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => { body += part; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    request.setTimeout(2000, () => { unanswered++; request.destroy(new Error('no answer')); });
    request.on('error', reject);
    request.end();
  });
}

before(() => new Promise((resolve) => {
  server = http.createServer(routes()).listen(0, '127.0.0.1', () => { port = server.address().port; resolve(); });
}));

after(() => { server && server.closeAllConnections(); server && server.close(); });

// What is asked, and what is expected: a body, or a look at the answer.
const cases = [
  ['sends text', 'GET', '/text', 'text'],
  ['sends a buffer', 'GET', '/buffer', 'bytes'],
  ['sends an object as JSON', 'GET', '/object', '{"a":1}'],
  ['sends JSON', 'GET', '/json', '[1,2]'],
  ['says that it is JSON', 'GET', '/json', (a) => assert.match(a.headers['content-type'], /json/)],
  ['sends JSONP', 'GET', '/jsonp?callback=call', (a) => assert.match(a.body, /call\(\{"b":2\}\)/)],
  ['sets a status', 'GET', '/status', (a) => assert.strictEqual(a.status, 201)],
  ['sends a header', 'GET', '/header', '1'],
  ['sends several headers', 'GET', '/headers', (a) => assert.strictEqual(a.headers['x-b'], 'b')],
  ['sets a type', 'GET', '/type', (a) => assert.match(a.headers['content-type'], /html/)],
  ['gives text a type', 'GET', '/text', (a) => assert.match(a.headers['content-type'], /text\/html; charset=utf-8/)],
  ['sends a cookie', 'GET', '/cookie', (a) => assert.match(a.headers['set-cookie'][0], /name=value; Path=\/x/)],
  ['clears a cookie', 'GET', '/clear', (a) => assert.match(a.headers['set-cookie'][0], /Expires=Thu, 01 Jan 1970/)],
  ['redirects', 'GET', '/redirect', (a) => assert.strictEqual(`${a.status} ${a.headers.location}`, '302 /text')],
  ['redirects for good', 'GET', '/redirect-301', (a) => assert.strictEqual(a.status, 301)],
  ['says a location', 'GET', '/location', (a) => assert.strictEqual(a.headers.location, '/there')],
  ['sends links', 'GET', '/links', (a) => assert.match(a.headers.link, /<\/2>; rel="next"/)],
  ['varies', 'GET', '/vary', (a) => assert.match(a.headers.vary, /Accept/)],
  ['attaches', 'GET', '/attachment', (a) => assert.match(a.headers['content-disposition'], /a\.txt/)],
  ['formats as asked', 'GET', '/format', '{"is":"json"}', { Accept: 'application/json' }],
  ['reads a query', 'GET', '/query?q=asked', 'asked'],
  ['reads parameters', 'GET', '/params/a/b', 'b a'],
  ['decodes parameters', 'GET', '/params/a%20b/c', 'c a b'],
  ['knows the path', 'GET', '/path/here?x', '/path/here'],
  ['reads a header', 'GET', '/get', 'sent', { 'X-Sent': 'sent' }],
  ['chooses a type', 'GET', '/accepts', 'json', { Accept: 'application/json' }],
  ['knows the protocol', 'GET', '/protocol', 'http false false'],
  ['runs middleware in order', 'GET', '/seen', 'first second'],
  ['goes on to the next handler', 'GET', '/two', 'the second'],
  ['has locals', 'GET', '/locals', 'here'],
  ['posts', 'POST', '/method', 'posted'],
  ['puts', 'PUT', '/method', 'put'],
  ['deletes', 'DELETE', '/method', 'deleted'],
  ['takes all methods', 'PATCH', '/all', 'all PATCH'],
  ['has routes', 'GET', '/route', 'route'],
  ['routes below a path', 'GET', '/router/item/7', 'found 7'],
  ['mounts a router', 'GET', '/router/else', 'rest /router /else'],
  ['catches what is thrown', 'GET', '/throws', 'caught thrown'],
  ['catches what is passed on', 'GET', '/fails', 'caught passed on'],
  ['does not find', 'GET', '/nowhere', (a) => assert.strictEqual(a.status, 404)],
  ['answers HEAD without a body', 'HEAD', '/text', ''],
  ['is not modified', 'GET', '/text', (a) => assert.strictEqual(a.status, 200)],
];

for (const [name, method, path, expected, headers] of cases) {
  test(name, async () => {
    const answer = await ask(method, path, headers);
    typeof expected === 'function' ? expected(answer) : assert.strictEqual(answer.body, expected);
  });
}

test('has settings', () => assert.strictEqual(express().set('title', 'x').get('title'), 'x'));
test('enables and disables', () => assert.deepStrictEqual([express().enable('a').enabled('a'), express().disable('a').enabled('a')], [true, false]));
