// A real identity provider for the tests (the certified oidc-provider), with one client and no passwords:
//   node oidc_provider.mjs MODULES OPTIONS
// OPTIONS are JSON. It prints "ready" once it listens, and ends when its standard input does. Where the browser is sent
// to sign in, ?as=NAME&roles=A,B says who it is, and ?cancel=1 that they would rather not; without them a page asks.
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, given] = process.argv.slice(2)
const options = JSON.parse(given)
const { Provider, interactionPolicy } = await import(pathToFileURL(join(modules, 'oidc-provider', 'lib', 'index.js')))

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const policy = interactionPolicy.base()
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
const roles = new Map()

const provider = new Provider(options.issuer, {
  clients: [{
    client_id: 'signpost',
    client_secret: options.secret,
    redirect_uris: [`${options.console}/sign-in/return`],
    post_logout_redirect_uris: [`${options.console}/sign-in/signed-out`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: options.algorithm,
    token_endpoint_auth_method: options.method
  }],
  claims: { openid: ['sub', 'roles'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: !options.claimsInToken, // Else they are told at the userinfo address only.
  cookies: { keys: ['signs the cookies of these tests'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  findAccount: async (_context, name) => ({
    accountId: name,
    claims: async () => ({ sub: name, name: `${name} of the Force`, preferred_username: `${name}@Force.example`, roles: roles.get(name) })
  }),
  interactions: { policy, url: (_context, interaction) => `/enter/${interaction.uid}` },
  jwks: { keys: [{ ...rsa, kid: `rsa-${process.pid}`, use: 'sig', alg: 'RS256' }, { ...ec, kid: `ec-${process.pid}`, use: 'sig', alg: 'ES256' }] },
  pkce: { required: () => true }
})

provider.use(async (context, next) => {
  if (!context.path.startsWith('/enter/')) return next()
  const { params } = await provider.interactionDetails(context.req, context.res)
  if (!context.query.as && !context.query.cancel) {
    context.type = 'html'
    context.body = '<title>Who are you?</title><form><input name="as"><input name="roles"><button>Sign in</button></form>'
    return
  }
  context.respond = false
  if (context.query.cancel) return provider.interactionFinished(context.req, context.res, { error: 'access_denied' })
  roles.set(context.query.as, (context.query.roles ?? '').split(',').filter(Boolean))
  const grant = new provider.Grant({ accountId: context.query.as, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  const consent = { grantId: await grant.save() }
  return provider.interactionFinished(context.req, context.res, { select_account: {}, login: { accountId: context.query.as }, consent })
})

const server = provider.listen(options.port, '127.0.0.1', () => console.log('ready'))
process.stdin.resume()
process.stdin.on('end', () => { server.close(); process.exit(0) })
