// A geocoder control over our API, written as maplibre-gl-geocoder's documentation shows it for another service
// (maplibre.org/maplibre-gl-js/docs/examples/geocode-with-nominatim).
import * as maplibregl from '/maplibre-gl/maplibre-gl.mjs'

maplibregl.setWorkerUrl('/maplibre-gl/maplibre-gl-worker.mjs')
const options = new URLSearchParams(location.search)
const api = options.get('api')

/** Our features are GeoJSON: the control wants a text, a place_name and a place_type beside. */
const carmen = ({ features }) => ({
  features: features.map((feature) => ({
    ...feature,
    text: feature.properties.name,
    place_name: feature.properties.label,
    place_type: [feature.properties.type],
    center: feature.geometry.coordinates,
  })),
})
const ask = async (path, query) => (await fetch(`${api}${path}?${new URLSearchParams(query)}`)).json()
const near = ({ proximity }) => (proximity ? { lon: proximity[0], lat: proximity[1] } : {})

const geocoderApi = {
  forwardGeocode: async (config) =>
    carmen(await ask('/search', { q: config.query, limit: config.limit ?? 5, ...near(config) })),
  reverseGeocode: async ({ query: [lon, lat], limit = 5 }) =>
    carmen(await ask('/reverse', { lat, lon, limit })),
}
if (options.has('suggest'))
  geocoderApi.getSuggestions = async (config) => {
    const { features } = await ask('/search', { q: config.query, autocomplete: 1, limit: 5, ...near(config) })
    return { suggestions: features.map(({ properties }) => ({ text: properties.label })) }
  }

const map = new maplibregl.Map({
  container: 'map',
  style: { version: 8, sources: {}, layers: [] },
  center: [105.85, 21.03],
  zoom: 11,
  attributionControl: false,
})
const geocoder = new MaplibreGeocoder(geocoderApi, {
  maplibregl,
  reverseGeocode: true,
  showResultsWhileTyping: true,
  flyTo: { duration: 0 },
  minLength: 2,
})
geocoder.on('result', ({ result }) => {
  window.chosen = result
})
geocoder.on('error', ({ error }) => {
  window.failed = String(error)
})
map.addControl(geocoder)
window.map = map
