/** Makes something of an object on first use; it is kept as long as the object. For what costs much and never changes. */
export function once<Of extends object, Made extends object>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, Made>()
  return (of) => {
    let made = known.get(of)
    if (!made) {
      made = make(of)
      known.set(of, made)
    }
    return made
  }
}
