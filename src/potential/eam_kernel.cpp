#include "potential/eam_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "core/vector_clones.hpp"
#include "potential/simd.hpp"

namespace heteroglass::potential {
namespace {

using Place = Neighborhood::Place;

struct Sums {
  double fx = 0, fy = 0, fz = 0, energy = 0, xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0;
};

/// One segment of a row.
struct Part {
  const Place* place;
  Place self;
  const std::int32_t* places;
  std::int32_t count;  ///< padded
  std::uint8_t* note;
  const double* table;
  double r2_cut, per_knot;
  std::int32_t last, nothing;
};

/// The cubic between two knots at p: value f0 + p (s0 + p (c4 + p c3)).
struct Cubic {
  double c3, c4, s0, f0;
  Cubic(double value0, double slope0, double value1, double slope1) : s0(slope0), f0(value0) {
    const double rise = value1 - value0;
    c3 = (slope0 + slope1) - 2 * rise, c4 = (rise - slope0) - c3;
  }
  double value(double p) const { return ((c3 * p + c4) * p + s0) * p + f0; }
  double slope(double p) const { return (3 * c3 * p + 2 * c4) * p + s0; }
};

double density_plain(const Part& part) {
  double rho = 0;
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    if (!(r2 < part.r2_cut)) continue;
    const double at = std::sqrt(r2) * part.per_knot;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double* t = part.table + EamTable::density_stride * m;
    rho += Cubic(t[0], t[1], t[2], t[3]).value(std::min(at - m, 1.0));
  }
  return rho;
}

template <bool virial> void force_plain(const Part& part, int stride, Sums& sums) {
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    if (!(r2 < part.r2_cut)) continue;
    const double r = std::sqrt(r2), at = r * part.per_knot, inverse = 1 / r;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double p = std::min(at - m, 1.0), *t0 = part.table + stride * m, *t1 = t0 + stride;
    const Cubic z(t0[0], t0[1], t1[0], t1[1]), in(t0[2], t0[3], t1[2], t1[3]);
    double embedded = (part.self.value + q.value) * in.slope(p);
    if (stride == EamTable::unlike_stride) embedded = part.self.value * in.slope(p) + q.value * Cubic(t0[4], t0[5], t1[4], t1[5]).slope(p);
    const double phi = z.value(p) * inverse;
    const double t = ((z.slope(p) + embedded * r) * part.per_knot - phi) * inverse * inverse;
    sums.energy += phi;
    sums.fx += t * dx, sums.fy += t * dy, sums.fz += t * dz;
    if constexpr (virial) {
      sums.xx += t * dx * dx, sums.yy += t * dy * dy, sums.zz += t * dz * dz;
      sums.yz += t * dy * dz, sums.xz += t * dx * dz, sums.xy += t * dx * dy;
    }
  }
}

#ifdef HETEROGLASS_AVX512
constexpr std::int32_t chunk = 256;  // neighbours gathered at a time

struct WideCubic {
  __m512d c3, c4, s0, f0;
};

HETEROGLASS_V4_INLINE WideCubic cubic(__m512d f0, __m512d s0, __m512d f1, __m512d s1) {
  const __m512d rise = _mm512_sub_pd(f1, f0), c3 = _mm512_fnmadd_pd(_mm512_set1_pd(2), rise, _mm512_add_pd(s0, s1));
  return {c3, _mm512_sub_pd(_mm512_sub_pd(rise, s0), c3), s0, f0};
}
HETEROGLASS_V4_INLINE __m512d value(const WideCubic& c, __m512d p) {
  return _mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(c.c3, p, c.c4), p, c.s0), p, c.f0);
}
HETEROGLASS_V4_INLINE __m512d slope(const WideCubic& c, __m512d p) {
  const __m512d c3 = _mm512_mul_pd(c.c3, _mm512_set1_pd(3));
  return _mm512_fmadd_pd(_mm512_fmadd_pd(c3, p, _mm512_add_pd(c.c4, c.c4)), p, c.s0);
}

/// Of what is not a number (atoms on top of each other) the first one, so that the table is not left.
HETEROGLASS_V4_INLINE __m256i interval_of(__m512d at, __m256i last) {
  return _mm256_max_epi32(_mm256_min_epi32(_mm512_cvttpd_epi32(at), last), _mm256_setzero_si256());
}

/// Which of the next eight to count.
HETEROGLASS_V4_INLINE __mmask8 rest(std::int32_t left) { return static_cast<__mmask8>(left >= 8 ? 0xff : (1u << left) - 1); }

HETEROGLASS_V4 double density_wide(const Part& part) {
  alignas(64) double near2[chunk + 8];
  const __m512d x = _mm512_set1_pd(part.self.x), y = _mm512_set1_pd(part.self.y), z = _mm512_set1_pd(part.self.z);
  const __m512d cut = _mm512_set1_pd(part.r2_cut), per_knot = _mm512_set1_pd(part.per_knot), one = _mm512_set1_pd(1);
  const __m256i last = _mm256_set1_epi32(part.last);
  const auto* base = reinterpret_cast<const double*>(part.place);
  __m512d rho = _mm512_setzero_pd();
  for (std::int32_t from = 0; from < part.count; from += chunk) {
    const std::int32_t to = from + chunk < part.count ? from + chunk : part.count;
    std::int32_t here = 0;
    for (std::int32_t k = from; k < to; k += 8) {
      const simd::Columns q = simd::rows(base, 4, part.places + k);
      const __m512d dx = _mm512_sub_pd(q.a, x), dy = _mm512_sub_pd(q.b, y), dz = _mm512_sub_pd(q.c, z);
      const __m512d r2 = _mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx)));
      const __mmask8 in = _mm512_cmp_pd_mask(r2, cut, _CMP_LT_OQ);
      part.note[k / 8] = static_cast<std::uint8_t>(in);
      _mm512_storeu_pd(near2 + here, _mm512_maskz_compress_pd(in, r2));
      here += __builtin_popcount(in);
    }
    for (std::int32_t k = 0; k < here; k += 8) {
      const __mmask8 mask = rest(here - k);
      const __m512d r2 = _mm512_mask_mov_pd(cut, mask, _mm512_load_pd(near2 + k));
      const __m512d at = _mm512_mul_pd(_mm512_mul_pd(r2, simd::inverse_root(r2)), per_knot);
      const __m256i m = interval_of(at, last);
      alignas(32) std::int32_t interval[8];
      _mm256_store_si256(reinterpret_cast<__m256i*>(interval), m);
      const __m512d p = _mm512_min_pd(_mm512_sub_pd(at, _mm512_cvtepi32_pd(m)), one);
      const simd::Columns t = simd::rows(part.table, EamTable::density_stride, interval);
      rho = _mm512_mask_add_pd(rho, mask, rho, value(cubic(t.a, t.b, t.c, t.d), p));
    }
  }
  return _mm512_reduce_add_pd(rho);
}

struct WideSums {
  __m512d fx, fy, fz, energy, xx, yy, zz, yz, xz, xy;
};

template <bool virial, bool unlike>
HETEROGLASS_V4_INLINE void force_chunk_wide(const Part& part, std::int32_t* near, std::int32_t count, WideSums& sums) {
  constexpr std::int32_t stride = unlike ? EamTable::unlike_stride : EamTable::like_stride;
  const __m512d x = _mm512_set1_pd(part.self.x), y = _mm512_set1_pd(part.self.y), z = _mm512_set1_pd(part.self.z);
  const __m512d cut = _mm512_set1_pd(part.r2_cut), per_knot = _mm512_set1_pd(part.per_knot), one = _mm512_set1_pd(1);
  const __m512d own = _mm512_set1_pd(part.self.value);
  const __m256i last = _mm256_set1_epi32(part.last);
  const auto* base = reinterpret_cast<const double*>(part.place);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(near + count), _mm256_set1_epi32(part.nothing));
  for (std::int32_t k = 0; k < count; k += 8) {
    const __mmask8 mask = rest(count - k);
    const simd::Columns q = simd::rows(base, 4, near + k);
    const __m512d dx = _mm512_sub_pd(q.a, x), dy = _mm512_sub_pd(q.b, y), dz = _mm512_sub_pd(q.c, z);
    const __m512d r2 = _mm512_min_pd(_mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx))), cut);
    const __m512d inverse = simd::inverse_root(r2), r = _mm512_mul_pd(r2, inverse), at = _mm512_mul_pd(r, per_knot);
    const __m256i m = interval_of(at, last);
    alignas(32) std::int32_t interval[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(interval), m);
    const __m512d p = _mm512_min_pd(_mm512_sub_pd(at, _mm512_cvtepi32_pd(m)), one);
    const simd::Columns s = simd::rows(part.table, stride, interval), t = simd::rows(part.table + 4, stride, interval);
    WideCubic pair;
    __m512d embedded;
    if constexpr (unlike) {
      const simd::Columns u = simd::rows(part.table + 8, stride, interval);
      pair = cubic(s.a, s.b, t.c, t.d);
      embedded = _mm512_fmadd_pd(own, slope(cubic(s.c, s.d, u.a, u.b), p), _mm512_mul_pd(q.d, slope(cubic(t.a, t.b, u.c, u.d), p)));
    } else {
      pair = cubic(s.a, s.b, t.a, t.b);
      embedded = _mm512_mul_pd(_mm512_add_pd(own, q.d), slope(cubic(s.c, s.d, t.c, t.d), p));
    }
    const __m512d phi = _mm512_mul_pd(value(pair, p), inverse);
    const __m512d rise = _mm512_mul_pd(_mm512_fmadd_pd(embedded, r, slope(pair, p)), per_knot);
    const __m512d along = _mm512_maskz_mul_pd(mask, _mm512_mul_pd(_mm512_sub_pd(rise, phi), inverse), inverse);
    sums.energy = _mm512_mask_add_pd(sums.energy, mask, sums.energy, phi);
    const __m512d tx = _mm512_mul_pd(along, dx), ty = _mm512_mul_pd(along, dy), tz = _mm512_mul_pd(along, dz);
    sums.fx = _mm512_add_pd(sums.fx, tx), sums.fy = _mm512_add_pd(sums.fy, ty), sums.fz = _mm512_add_pd(sums.fz, tz);
    if constexpr (virial) {
      sums.xx = _mm512_fmadd_pd(tx, dx, sums.xx), sums.yy = _mm512_fmadd_pd(ty, dy, sums.yy), sums.zz = _mm512_fmadd_pd(tz, dz, sums.zz);
      sums.yz = _mm512_fmadd_pd(ty, dz, sums.yz), sums.xz = _mm512_fmadd_pd(tx, dz, sums.xz), sums.xy = _mm512_fmadd_pd(tx, dy, sums.xy);
    }
  }
}

template <bool virial, bool unlike> HETEROGLASS_V4_INLINE void force_part_wide(const Part& part, WideSums& sums) {
  alignas(32) std::int32_t near[chunk + 16];
  for (std::int32_t from = 0; from < part.count; from += chunk) {
    const std::int32_t to = from + chunk < part.count ? from + chunk : part.count;
    std::int32_t here = 0;
    for (std::int32_t k = from; k < to; k += 8) {
      const __mmask8 in = part.note[k / 8];
      const __m256i places = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(part.places + k));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(near + here), _mm256_maskz_compress_epi32(in, places));
      here += __builtin_popcount(in);
    }
    force_chunk_wide<virial, unlike>(part, near, here, sums);
  }
}

template <bool virial> HETEROGLASS_V4 void force_wide(const Part* parts, const int* strides, int count, Sums& out) {
  const __m512d zero = _mm512_setzero_pd();
  WideSums s{zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
  for (int k = 0; k < count; ++k) {
    if (strides[k] == EamTable::unlike_stride) {
      force_part_wide<virial, true>(parts[k], s);
    } else {
      force_part_wide<virial, false>(parts[k], s);
    }
  }
  out.fx = _mm512_reduce_add_pd(s.fx), out.fy = _mm512_reduce_add_pd(s.fy), out.fz = _mm512_reduce_add_pd(s.fz);
  out.energy = _mm512_reduce_add_pd(s.energy);
  if constexpr (virial) {
    out.xx = _mm512_reduce_add_pd(s.xx), out.yy = _mm512_reduce_add_pd(s.yy), out.zz = _mm512_reduce_add_pd(s.zz);
    out.yz = _mm512_reduce_add_pd(s.yz), out.xz = _mm512_reduce_add_pd(s.xz), out.xy = _mm512_reduce_add_pd(s.xy);
  }
}

bool wide(Kernel kernel) { return kernel == Kernel::best && simd::available(); }
#else
bool wide(Kernel) { return false; }
#endif

Part part_of(const EamRow& row, int kind, const AlignedTable& table) {
  const Neighborhood::Segment& segment = row.near->segment(row.local, kind);
  return {row.near->place_data(),
          row.near->at(row.local),
          segment.places,
          segment.padded,
          row.near->note(row.local, kind),
          table.data(),
          row.r2_cut,
          row.per_knot,
          row.last,
          static_cast<std::int32_t>(row.near->places())};
}

}  // namespace

double eam_density(const EamRow& row, Kernel kernel) {
  double rho = 0;
  for (int kind = 0; kind < row.near->species_count(); ++kind) {
    const Part part = part_of(row, kind, row.tables[kind].density);
#ifdef HETEROGLASS_AVX512
    if (wide(kernel)) {
      rho += density_wide(part);
      continue;
    }
#else
    (void)kernel;
#endif
    rho += density_plain(part);
  }
  return rho;
}

RowForce eam_force(const EamRow& row, bool virial, Kernel kernel) {
  constexpr int at_once = 8;
  Part parts[at_once];
  int strides[at_once];
  Sums total;
  for (int first = 0, kinds = row.near->species_count(); first < kinds; first += at_once) {
    const int count = std::min(at_once, kinds - first);
    for (int k = 0; k < count; ++k) {
      const EamTable& table = row.tables[first + k];
      parts[k] = part_of(row, first + k, table.force), strides[k] = table.stride;
    }
    Sums s;
    if (wide(kernel)) {
#ifdef HETEROGLASS_AVX512
      virial ? force_wide<true>(parts, strides, count, s) : force_wide<false>(parts, strides, count, s);
#endif
    } else {
      for (int k = 0; k < count; ++k) virial ? force_plain<true>(parts[k], strides[k], s) : force_plain<false>(parts[k], strides[k], s);
    }
    total.fx += s.fx, total.fy += s.fy, total.fz += s.fz, total.energy += s.energy;
    total.xx += s.xx, total.yy += s.yy, total.zz += s.zz, total.yz += s.yz, total.xz += s.xz, total.xy += s.xy;
  }
  const double h = 0.5;
  return {{total.fx, total.fy, total.fz},
          h * total.energy,
          {h * total.xx, h * total.yy, h * total.zz, h * total.yz, h * total.xz, h * total.xy}};
}

}  // namespace heteroglass::potential
