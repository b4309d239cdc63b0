// Sends one of each kind with @segment/analytics-node: `node send.mjs HOST KEY FOLDER`. Run by a test.
import { createRequire } from 'node:module'

const [host, writeKey, folder] = process.argv.slice(2)
const { Analytics } = createRequire(`${folder}/`)('@segment/analytics-node')
const analytics = new Analytics({ writeKey, host, path: '/microseg/v1/batch', maxRetries: 0 })
let faults = 0
analytics.on('error', (error) => { faults += 1; console.error(error) })

analytics.track({ anonymousId: 'anon-1', event: 'Product Viewed', properties: { product_id: 'p1' } })
analytics.page({ anonymousId: 'anon-1', category: 'Shop', name: 'Home', properties: { path: '/' } })
analytics.screen({ anonymousId: 'anon-1', name: 'Start' })
analytics.identify({ userId: 'ada', anonymousId: 'anon-1', traits: { gender: 'female', email: 'ada@example.com' } })
analytics.group({ userId: 'ada', groupId: 'acme' })
analytics.track({
  userId: 'ada', event: 'Order Completed',
  properties: { order_id: 'O-1', revenue: 25, products: [{ product_id: 'p1', price: 25 }] },
})
analytics.alias({ previousId: 'anon-2', userId: 'ada' })
await analytics.closeAndFlush()
process.exit(faults ? 1 : 0)
