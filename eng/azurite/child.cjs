// Loaded into each Azurite service before its own code (node --require): tells serve.mjs the port it got
// (Azurite takes port 0 and then reports 0), and ends the service as soon as serve.mjs is gone, however it went.
'use strict';

const { Server } = require('node:net');

const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  this.once('listening', () => process.send({ port: this.address().port }));
  return listen.apply(this, args);
};

// SIGINT, because azurite-table knows no other signal (SIGTERM ends it at once and loses its last five seconds);
// once, because only the first is handled. This is the one place that sends it.
process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
