'use strict'

const path = require('path')
import { readFile as read } from './files.js'
export * from './shared.js'

const LIMIT = 10

/**
 * Parses a cookie header.
 */
function parseCookies (header, options) {
  return decode(header.split(';'))
}

const serialize = async (name, value) => {
  return encodeURIComponent(name) + await sign(value)
}

class Store extends EventEmitter {
  size = 0

  constructor (options) {
    super(options)
    this.cache = new LRU(options.max)
  }

  // Drops what is expired.
  static prune (store) {
    return store.cache.clear()
  }
}

Store.prototype.touch = function touch (id) {
  refresh(id)
}

module.exports = {
  get: (id) => find(id)
}
