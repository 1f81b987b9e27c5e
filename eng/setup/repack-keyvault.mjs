// Makes a NuGet package out of Microsoft's signed Azure.Security.KeyVault.Keys assembly, unchanged, for feeds that
// don't carry the package yet. The assembly comes from Microsoft's npm package @azure/mcp-linux-x64 (MIT).
//
//   node repack-keyvault.mjs VERSION FEED-FOLDER        the folder appears when it is complete, and not before

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';

const id = 'Azure.Security.KeyVault.Keys';
const version = '4.7.0';
const source = {
  spec: '@azure/mcp-linux-x64@0.5.8',
  sha512: 'Jzut7k3lqR1p310Ycq0sWWeRu03YPI5giOyplk6FcyofvuXKn3K7bTipQj7SaE3COAWiGrGrtJbnqSxxireo5w==',
  file: `package/dist/${id}.dll`,
  sha256: '5db7e56bcef864127e6dc010c6386c4efca158d5f8572fdb724b13d2144cefe8',
};

const [wanted, feed] = process.argv.slice(2);
if (wanted !== version) {
  fail(`Directory.Packages.props asks for ${id} ${wanted}; the stand-in is ${version}`);
}

const work = `${feed}.new`;
fs.rmSync(work, { recursive: true, force: true });
fs.mkdirSync(work, { recursive: true });
try {
  execFileSync('npm', ['pack', source.spec, '--pack-destination', work, '--prefer-offline', '--loglevel', 'error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const archive = path.join(work, fs.readdirSync(work).find(name => name.endsWith('.tgz')));
  check('sha512', fs.readFileSync(archive), source.sha512, 'base64', source.spec);
  execFileSync('tar', ['-xzf', archive, '-C', work, source.file], { stdio: ['ignore', 'ignore', 'inherit'] });
  fs.rmSync(archive);
  const assembly = fs.readFileSync(path.join(work, source.file));
  check('sha256', assembly, source.sha256, 'hex', source.file);
  fs.rmSync(path.join(work, 'package'), { recursive: true });
  fs.writeFileSync(path.join(work, `${id}.${version}.nupkg`), zip([
    ['[Content_Types].xml', contentTypes()],
    [`${id}.nuspec`, nuspec()],
    [`lib/netstandard2.0/${id}.dll`, assembly],
  ]));
  fs.rmSync(feed, { recursive: true, force: true });
  fs.renameSync(work, feed);
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function check(algorithm, bytes, expected, encoding, what) {
  if (createHash(algorithm).update(bytes).digest(encoding) !== expected) {
    fail(`${what} does not have the expected ${algorithm}`);
  }
}

function fail(message) {
  throw new Error(message);
}

function contentTypes() {
  const types = { nuspec: 'application/octet', dll: 'application/octet' };
  const lines = Object.entries(types).map(([extension, type]) => `  <Default Extension="${extension}" ContentType="${type}" />\n`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\n${lines.join('')}</Types>\n`;
}

function nuspec() {
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>${id}</id>
    <version>${version}</version>
    <authors>Microsoft</authors>
    <license type="expression">MIT</license>
    <description>Local repack of Microsoft's signed assembly, unchanged, from ${source.spec}.</description>
    <dependencies>
      <group targetFramework=".NETStandard2.0">
        <dependency id="Azure.Core" version="1.44.1" />
      </group>
    </dependencies>
  </metadata>
</package>
`;
}

// Zip, APPNOTE.TXT 4.3: per file a local header and its deflated bytes, then the central directory, then its end record.
// The same input gives the same bytes: the time is always 1980-01-01 00:00.
function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, content] of files) {
    const nameBytes = Buffer.from(name);
    const bytes = Buffer.from(content);
    const deflated = deflateRawSync(bytes, { level: 9 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt16LE(8, 4); // method: deflate
    common.writeUInt16LE(0x21, 8); // date
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(deflated.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, deflated]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, nameBytes);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
  }
  return ~crc >>> 0;
}
