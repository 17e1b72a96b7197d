// The sums of eam_kernel.hpp with several neighbours at a time. Text for eam_kernel.cpp, which includes it once in avx512 and once in avx2
// of simd.hpp, with HETEROGLASS_TARGET for functions; hence no include guard and no includes.

#define HETEROGLASS_TARGET_INLINE inline HETEROGLASS_TARGET __attribute__((always_inline))

/// The cubic between two knots at p: value f0 + p (s0 + p (c4 + p c3)).
struct Cubics {
  V c3, c4, s0, f0;
};
HETEROGLASS_TARGET_INLINE Cubics cubics(V f0, V s0, V f1, V s1) {
  const V rise = f1 - f0, c3 = (s0 + s1) - 2 * rise;
  return {c3, (rise - s0) - c3, s0, f0};
}
HETEROGLASS_TARGET_INLINE V value(const Cubics& c, V p) { return ((c.c3 * p + c.c4) * p + c.s0) * p + c.f0; }
HETEROGLASS_TARGET_INLINE V slope(const Cubics& c, V p) { return (3 * c.c3 * p + 2 * c.c4) * p + c.s0; }

HETEROGLASS_TARGET double density(const Part& part) {
  alignas(64) double near2[chunk + 8];
  const V x = all(part.self.x), y = all(part.self.y), z = all(part.self.z), cut = all(part.r2_cut);
  const auto* base = reinterpret_cast<const double*>(part.place);
  V rho = all(0);
  for (std::int32_t from = 0; from < part.count; from += chunk) {
    const std::int32_t to = from + chunk < part.count ? from + chunk : part.count;
    std::int32_t count = 0;
    for (std::int32_t k = from; k < to; k += 8) part.note[k / 8] = within(base, part.places + k, x, y, z, cut, near2, count);
    for (std::int32_t k = count; k < count + lanes; ++k) near2[k] = part.r2_cut;
    for (std::int32_t k = 0; k < count; k += lanes) {
      const V r2 = load(near2 + k), at = r2 * inverse_root(r2) * part.per_knot;
      alignas(32) std::int32_t interval[lanes];
      const V p = split(at, part.last, interval);
      const Columns t = rows(part.table, EamTable::density_stride, interval);
      rho += first(value(cubics(t.a, t.b, t.c, t.d), p), count - k);
    }
  }
  return sum(rho);
}

struct LaneSums {
  V fx, fy, fz, energy, xx, yy, zz, yz, xz, xy;
};

template <bool virial, bool unlike>
HETEROGLASS_TARGET_INLINE void force_chunk(const Part& part, const std::int32_t* near, std::int32_t count, LaneSums& sums) {
  constexpr std::int32_t stride = unlike ? EamTable::unlike_stride : EamTable::like_stride;
  const V x = all(part.self.x), y = all(part.self.y), z = all(part.self.z), cut = all(part.r2_cut), own = all(part.self.value);
  const auto* base = reinterpret_cast<const double*>(part.place);
  for (std::int32_t k = 0; k < count; k += lanes) {
    const Columns q = rows(base, 4, near + k);
    const V dx = q.a - x, dy = q.b - y, dz = q.c - z, r2 = least(dx * dx + dy * dy + dz * dz, cut);
    const V inverse = inverse_root(r2), r = r2 * inverse;
    alignas(32) std::int32_t interval[lanes];
    const V p = split(r * part.per_knot, part.last, interval);
    const Columns s = rows(part.table, stride, interval), t = rows(part.table + 4, stride, interval);
    Cubics pair;
    V embedded;
    if constexpr (unlike) {
      const Columns u = rows(part.table + 8, stride, interval);
      pair = cubics(s.a, s.b, t.c, t.d);
      embedded = own * slope(cubics(s.c, s.d, u.a, u.b), p) + q.d * slope(cubics(t.a, t.b, u.c, u.d), p);
    } else {
      pair = cubics(s.a, s.b, t.a, t.b);
      embedded = (own + q.d) * slope(cubics(s.c, s.d, t.c, t.d), p);
    }
    const V phi = value(pair, p) * inverse;
    const V along = first(((slope(pair, p) + embedded * r) * part.per_knot - phi) * inverse * inverse, count - k);
    sums.energy += first(phi, count - k);
    const V tx = along * dx, ty = along * dy, tz = along * dz;
    sums.fx += tx, sums.fy += ty, sums.fz += tz;
    if constexpr (virial) {
      sums.xx += tx * dx, sums.yy += ty * dy, sums.zz += tz * dz;
      sums.yz += ty * dz, sums.xz += tx * dz, sums.xy += tx * dy;
    }
  }
}

template <bool virial, bool unlike> HETEROGLASS_TARGET_INLINE void force_part(const Part& part, LaneSums& sums) {
  alignas(32) std::int32_t near[chunk + 16];
  for (std::int32_t from = 0; from < part.count; from += chunk) {
    const std::int32_t to = from + chunk < part.count ? from + chunk : part.count;
    std::int32_t count = 0;
    for (std::int32_t k = from; k < to; k += 8) append(part.places + k, part.note[k / 8], near, count);
    for (std::int32_t k = count; k < count + lanes; ++k) near[k] = part.nothing;
    force_chunk<virial, unlike>(part, near, count, sums);
  }
}

template <bool virial> HETEROGLASS_TARGET void force(const Part* parts, const int* strides, int count, Sums& out) {
  const V zero = all(0);
  LaneSums s{zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
  for (int k = 0; k < count; ++k) {
    if (strides[k] == EamTable::unlike_stride) {
      force_part<virial, true>(parts[k], s);
    } else {
      force_part<virial, false>(parts[k], s);
    }
  }
  out.fx = sum(s.fx), out.fy = sum(s.fy), out.fz = sum(s.fz), out.energy = sum(s.energy);
  if constexpr (virial) {
    out.xx = sum(s.xx), out.yy = sum(s.yy), out.zz = sum(s.zz);
    out.yz = sum(s.yz), out.xz = sum(s.xz), out.xy = sum(s.xy);
  }
}

#undef HETEROGLASS_TARGET_INLINE
