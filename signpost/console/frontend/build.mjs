// Builds what the console's pages load, into ../static/build: one style sheet, the two libraries' scripts, a few icons.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', 'static', 'build')
const govuk = join(here, 'node_modules', 'govuk-frontend', 'dist', 'govuk')
const moj = join(here, 'node_modules', '@ministryofjustice', 'frontend', 'moj')

// Each room of the console may have a style sheet of its own: scss/_<room>.scss.
async function entry () {
  const rooms = (await readdir(join(here, 'scss'))).filter(name => /^_.+\.scss$/.test(name)).sort()
  const uses = rooms.map((name, at) => `@use ${JSON.stringify(name.slice(1, -5))} as room-${at};`)
  return [await readFile(join(here, 'scss', 'console.scss'), 'utf8'), ...uses].join('\n')
}

function styles (source) {
  return sass.compileString(source, {
    charset: false,
    loadPaths: [here],
    logger: sass.Logger.silent, // What the libraries say of themselves is not ours to mend.
    style: 'compressed',
    url: pathToFileURL(join(here, 'scss', 'console.scss'))
  }).css
}

function check (css) {
  for (const mark of [/@font-face/i, /GDS Transport/i, /crown|crest/i]) {
    if (mark.test(css)) throw new Error(`The styles hold ${mark}, which only services on GOV.UK may use.`)
  }
}

async function script (from, to) {
  const text = await readFile(from, 'utf8')
  await writeFile(join(target, to), text.replace(/\/\/# sourceMappingURL=.*\s*$/, ''))
}

const css = styles(await entry())
check(css)
await rm(target, { force: true, recursive: true })
await mkdir(join(target, 'images'), { recursive: true })
for (const name of new Set(Array.from(css.matchAll(/url\("?\.\/images\/([\w.-]+)"?\)/g), found => found[1]))) {
  await copyFile(join(moj, 'assets', 'images', name), join(target, 'images', name))
}
await script(join(govuk, 'govuk-frontend.min.js'), 'govuk.js')
await script(join(moj, 'moj-frontend.min.js'), 'moj.js')
await copyFile(join(here, 'licences.txt'), join(target, 'licences.txt'))
await writeFile(join(target, 'console.css'), css)
