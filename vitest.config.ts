import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A page on a busy machine gets there late; what it must not do is tested otherwise.
    expect: { poll: { timeout: 10_000 } },
  },
})
