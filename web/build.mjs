// Builds dist/: the style sheets, the scripts, the fonts and the favicon, each under a name that holds its content's
// hash, with brotli and gzip copies beside it, and manifest.json. Run by `make assets`; nothing is downloaded here.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, 'dist');
const manifest = {};

// The budgets of a first visit, in bytes as sent (interface.md; issue 2: a question page under 60 KB).
const budget = { 'app.css': 14 * 1024, 'app.js': 10 * 1024 };

function clear() {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) {
    if (name !== '.gitkeep') rmSync(path.join(dist, name), { recursive: true });
  }
}

function emit(name, content, { compress = true } = {}) {
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const { name: stem, ext } = path.parse(name);
  const served = `${stem}.${hash}${ext}`;
  writeFileSync(path.join(dist, served), bytes);
  let sent = bytes.length;
  if (compress) {
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
    const gzip = gzipSync(bytes, { level: 9 });
    writeFileSync(path.join(dist, `${served}.br`), brotli);
    writeFileSync(path.join(dist, `${served}.gz`), gzip);
    sent = brotli.length;
  }
  manifest[name] = served;
  console.log(`${served.padEnd(58)} ${String(bytes.length).padStart(7)} bytes, ${String(sent).padStart(6)} sent`);
  if (budget[name] && sent > budget[name]) throw new Error(`${name}: ${sent} bytes sent, the budget is ${budget[name]}`);
  return served;
}

function fonts() {
  const folder = path.join(here, 'node_modules/@fontsource-variable/atkinson-hyperlegible-next/files');
  for (const subset of ['latin', 'latin-ext']) {
    const content = readFileSync(path.join(folder, `atkinson-hyperlegible-next-${subset}-wght-normal.woff2`));
    emit(`atkinson-${subset}.woff2`, content, { compress: false }); // woff2 is brotli already
  }
}

function styles(name) {
  const result = sass.compile(path.join(here, 'assets', name.replace('.css', '.scss')), {
    style: 'compressed',
    importers: [new sass.NodePackageImporter(here)],
    functions: {
      // The one way a style sheet names a font: by what it is served as.
      'asset($name)': ([name]) => new sass.SassString(`url("/assets/${manifest[name.assertString().text]}")`, { quotes: false }),
    },
    quietDeps: true,
  });
  // Councils may not use the font or images of GOV.UK.
  for (const forbidden of ['GDS Transport', 'crown', 'crest', '/assets/images', '/assets/fonts', 'url(http', '@import']) {
    const at = result.css.toLowerCase().indexOf(forbidden.toLowerCase());
    if (at >= 0) throw new Error(`${name} holds "${forbidden}": ...${result.css.slice(Math.max(0, at - 80), at + 80)}...`);
  }
  emit(name, result.css);
}

function scripts() {
  for (const name of ['app.js', 'office.js', 'kiosk.js']) {
    const result = esbuild.buildSync({
      entryPoints: [path.join(here, 'assets', name)],
      bundle: true, minify: true, format: 'esm', target: ['es2020'], write: false, legalComments: 'none',
    });
    emit(name, result.outputFiles[0].contents);
  }
}

clear();
fonts();
for (const name of ['app.css', 'office.css']) styles(name);
scripts();
emit('favicon.svg', readFileSync(path.join(here, 'assets/favicon.svg')));
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path.join(dist, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
