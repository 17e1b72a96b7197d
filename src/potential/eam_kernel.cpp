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
  std::int32_t count;  ///< padded for the density, those noted for the force
  const double* table;
  double r2_cut, per_knot;
  std::int32_t last, nothing;
};

double density_plain(const Part& part, std::int32_t* noted, std::int32_t& noted_count) {
  double rho = 0;
  std::int32_t count = 0;
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    if (!(r2 < part.r2_cut)) continue;
    noted[count++] = part.places[k];
    const double at = std::sqrt(r2) * part.per_knot;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double p = std::min(at - m, 1.0), *c = part.table + EamTable::density_stride * m;
    rho += ((c[0] * p + c[1]) * p + c[2]) * p + c[3];
  }
  noted_count = count;
  return rho;
}

template <bool virial, bool unlike> inline __attribute__((always_inline)) void force_plain(const Part& part, Sums& sums) {
  constexpr int stride = unlike ? 12 : 8;
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    const double r = std::sqrt(r2), at = r * part.per_knot, inverse = 1 / r;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double p = std::min(at - m, 1.0), *c = part.table + stride * m;
    const double phi = (((c[0] * p + c[1]) * p + c[2]) * p + c[3]) * inverse;
    const double z = ((3 * c[0] * p + 2 * c[1]) * p + c[2]) * part.per_knot;
    double embedded = 0;
    if constexpr (unlike) {
      embedded = part.self.value * ((c[4] * p + c[5]) * p + c[6]) + q.value * ((c[8] * p + c[9]) * p + c[10]);
    } else {
      embedded = (part.self.value + q.value) * ((c[4] * p + c[5]) * p + c[6]);
    }
    const double t = ((z - phi) * inverse + embedded) * inverse;
    sums.energy += phi;
    sums.fx += t * dx, sums.fy += t * dy, sums.fz += t * dz;
    if constexpr (virial) {
      sums.xx += t * dx * dx, sums.yy += t * dy * dy, sums.zz += t * dz * dz;
      sums.yz += t * dy * dz, sums.xz += t * dx * dz, sums.xy += t * dx * dy;
    }
  }
}

#ifdef HETEROGLASS_AVX512
HETEROGLASS_V4 double density_wide(const Part& part, std::int32_t* noted, std::int32_t& noted_count) {
  constexpr std::int32_t chunk = 256;
  alignas(64) double near2[chunk + 8];
  const __m512d x = _mm512_set1_pd(part.self.x), y = _mm512_set1_pd(part.self.y), z = _mm512_set1_pd(part.self.z);
  const __m512d cut = _mm512_set1_pd(part.r2_cut), per_knot = _mm512_set1_pd(part.per_knot), one = _mm512_set1_pd(1);
  const __m256i last = _mm256_set1_epi32(part.last);
  const auto* base = reinterpret_cast<const double*>(part.place);
  __m512d rho = _mm512_setzero_pd();
  std::int32_t count = 0;
  for (std::int32_t from = 0; from < part.count; from += chunk) {
    const std::int32_t to = from + chunk < part.count ? from + chunk : part.count;
    std::int32_t here = 0;
    for (std::int32_t k = from; k < to; k += 8) {
      const simd::Columns q = simd::rows(base, 4, part.places + k);
      const __m512d dx = _mm512_sub_pd(q.a, x), dy = _mm512_sub_pd(q.b, y), dz = _mm512_sub_pd(q.c, z);
      const __m512d r2 = _mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx)));
      const __mmask8 in = _mm512_cmp_pd_mask(r2, cut, _CMP_LT_OQ);
      // Never beyond what was read already: at most k hits stand before these eight.
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(noted + count),
                          _mm256_maskz_compress_epi32(in, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(part.places + k))));
      _mm512_storeu_pd(near2 + here, _mm512_maskz_compress_pd(in, r2));
      const int found = __builtin_popcount(in);
      count += found, here += found;
    }
    for (std::int32_t k = 0; k < here; k += 8) {
      const auto mask = static_cast<__mmask8>(here - k >= 8 ? 0xff : (1u << (here - k)) - 1);
      const __m512d r2 = _mm512_mask_mov_pd(cut, mask, _mm512_load_pd(near2 + k));
      const __m512d at = _mm512_mul_pd(_mm512_mul_pd(r2, simd::inverse_root(r2)), per_knot);
      const __m256i m = _mm256_min_epi32(_mm512_cvttpd_epi32(at), last);
      alignas(32) std::int32_t interval[8];
      _mm256_store_si256(reinterpret_cast<__m256i*>(interval), m);
      const __m512d p = _mm512_min_pd(_mm512_sub_pd(at, _mm512_cvtepi32_pd(m)), one);
      const simd::Columns c = simd::rows(part.table, EamTable::density_stride, interval);
      const __m512d f = _mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(c.a, p, c.b), p, c.c), p, c.d);
      rho = _mm512_mask_add_pd(rho, mask, rho, f);
    }
  }
  noted_count = count;
  return _mm512_reduce_add_pd(rho);
}

struct WideSums {
  __m512d fx, fy, fz, energy, xx, yy, zz, yz, xz, xy;
};

template <bool virial, bool unlike> HETEROGLASS_V4_INLINE void force_part_wide(const Part& part, WideSums& sums) {
  constexpr std::int32_t stride = unlike ? 12 : 8;
  const __m512d x = _mm512_set1_pd(part.self.x), y = _mm512_set1_pd(part.self.y), z = _mm512_set1_pd(part.self.z);
  const __m512d cut = _mm512_set1_pd(part.r2_cut), per_knot = _mm512_set1_pd(part.per_knot), one = _mm512_set1_pd(1);
  const __m512d own = _mm512_set1_pd(part.self.value), two = _mm512_set1_pd(2), three = _mm512_set1_pd(3);
  const __m256i last = _mm256_set1_epi32(part.last);
  const auto* base = reinterpret_cast<const double*>(part.place);
  for (std::int32_t k = 0; k < part.count; k += 8) {
    alignas(32) std::int32_t place[8], interval[8];
    const auto mask = static_cast<__mmask8>(part.count - k >= 8 ? 0xff : (1u << (part.count - k)) - 1);
    _mm256_store_si256(reinterpret_cast<__m256i*>(place), simd::first_of(part.places + k, part.count - k, part.nothing));
    const simd::Columns q = simd::rows(base, 4, place);
    const __m512d dx = _mm512_sub_pd(q.a, x), dy = _mm512_sub_pd(q.b, y), dz = _mm512_sub_pd(q.c, z);
    const __m512d r2 = _mm512_min_pd(_mm512_fmadd_pd(dz, dz, _mm512_fmadd_pd(dy, dy, _mm512_mul_pd(dx, dx))), cut);
    const __m512d inverse = simd::inverse_root(r2), at = _mm512_mul_pd(_mm512_mul_pd(r2, inverse), per_knot);
    const __m256i m = _mm256_min_epi32(_mm512_cvttpd_epi32(at), last);
    _mm256_store_si256(reinterpret_cast<__m256i*>(interval), m);
    const __m512d p = _mm512_min_pd(_mm512_sub_pd(at, _mm512_cvtepi32_pd(m)), one);
    const simd::Columns c = simd::rows(part.table, stride, interval);
    const simd::Columns g = simd::rows(part.table + 4, stride, interval);
    const __m512d phi = _mm512_mul_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(c.a, p, c.b), p, c.c), p, c.d), inverse);
    const __m512d z1 =
        _mm512_mul_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_mul_pd(c.a, three), p, _mm512_mul_pd(c.b, two)), p, c.c), per_knot);
    const __m512d in = _mm512_fmadd_pd(_mm512_fmadd_pd(g.a, p, g.b), p, g.c);
    __m512d embedded;
    if constexpr (unlike) {
      const simd::Columns h = simd::rows(part.table + 8, stride, interval);
      const __m512d out = _mm512_fmadd_pd(_mm512_fmadd_pd(h.a, p, h.b), p, h.c);
      embedded = _mm512_fmadd_pd(own, in, _mm512_mul_pd(q.d, out));
    } else {
      embedded = _mm512_mul_pd(_mm512_add_pd(own, q.d), in);
    }
    const __m512d t = _mm512_maskz_mul_pd(mask, _mm512_fmadd_pd(_mm512_sub_pd(z1, phi), inverse, embedded), inverse);
    sums.energy = _mm512_mask_add_pd(sums.energy, mask, sums.energy, phi);
    const __m512d tx = _mm512_mul_pd(t, dx), ty = _mm512_mul_pd(t, dy), tz = _mm512_mul_pd(t, dz);
    sums.fx = _mm512_add_pd(sums.fx, tx), sums.fy = _mm512_add_pd(sums.fy, ty), sums.fz = _mm512_add_pd(sums.fz, tz);
    if constexpr (virial) {
      sums.xx = _mm512_fmadd_pd(tx, dx, sums.xx), sums.yy = _mm512_fmadd_pd(ty, dy, sums.yy), sums.zz = _mm512_fmadd_pd(tz, dz, sums.zz);
      sums.yz = _mm512_fmadd_pd(ty, dz, sums.yz), sums.xz = _mm512_fmadd_pd(tx, dz, sums.xz), sums.xy = _mm512_fmadd_pd(tx, dy, sums.xy);
    }
  }
}

template <bool virial> HETEROGLASS_V4 void force_wide(const Part* parts, const int* strides, int count, Sums& out) {
  const __m512d zero = _mm512_setzero_pd();
  WideSums s{zero, zero, zero, zero, zero, zero, zero, zero, zero, zero};
  for (int k = 0; k < count; ++k) {
    if (strides[k] == 12) {
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

Part part_of(const EamRow& row, int kind) {
  const EamTable& table = row.tables[kind];
  return {row.near->place_data(),
          row.near->at(row.local),
          nullptr,
          0,
          table.force.data(),
          row.r2_cut,
          row.per_knot,
          row.last,
          static_cast<std::int32_t>(row.near->places())};
}

template <bool virial> void force_plain_row(const Part* parts, const int* strides, int count, Sums& sums) {
  for (int k = 0; k < count; ++k) {
    if (strides[k] == 12) {
      force_plain<virial, true>(parts[k], sums);
    } else {
      force_plain<virial, false>(parts[k], sums);
    }
  }
}

}  // namespace

double eam_density(const EamRow& row, [[maybe_unused]] Kernel kernel) {
  double rho = 0;
  for (int kind = 0; kind < row.near->species_count(); ++kind) {
    Part part = part_of(row, kind);
    const Neighborhood::Segment& segment = row.near->segment(row.local, kind);
    const Neighborhood::Note note = row.near->note(row.local, kind);
    part.places = segment.places, part.count = segment.padded, part.table = row.tables[kind].density.data();
#ifdef HETEROGLASS_AVX512
    if (wide(kernel)) {
      rho += density_wide(part, note.places, *note.count);
      continue;
    }
#endif
    rho += density_plain(part, note.places, *note.count);
  }
  return rho;
}

RowForce eam_force(const EamRow& row, bool virial, [[maybe_unused]] Kernel kernel) {
  constexpr int at_once = 8;
  Part parts[at_once];
  int strides[at_once];
  Sums total;
  for (int first = 0, kinds = row.near->species_count(); first < kinds; first += at_once) {
    const int count = std::min(at_once, kinds - first);
    for (int k = 0; k < count; ++k) {
      const Neighborhood::Note note = row.near->note(row.local, first + k);
      parts[k] = part_of(row, first + k), strides[k] = row.tables[first + k].stride;
      parts[k].places = note.places, parts[k].count = *note.count;
    }
    Sums s;
#ifdef HETEROGLASS_AVX512
    if (wide(kernel))
      virial ? force_wide<true>(parts, strides, count, s) : force_wide<false>(parts, strides, count, s);
    else
#endif
      virial ? force_plain_row<true>(parts, strides, count, s) : force_plain_row<false>(parts, strides, count, s);
    total.fx += s.fx, total.fy += s.fy, total.fz += s.fz, total.energy += s.energy;
    total.xx += s.xx, total.yy += s.yy, total.zz += s.zz, total.yz += s.yz, total.xz += s.xz, total.xy += s.xy;
  }
  const double h = 0.5;
  return {{total.fx, total.fy, total.fz},
          h * total.energy,
          {h * total.xx, h * total.yy, h * total.zz, h * total.yz, h * total.xz, h * total.xy}};
}

}  // namespace heteroglass::potential
