/// Several neighbours at a time, with AVX-512 or AVX2 where the processor has them. Only for kernels; every kernel also has a plain form.
///
/// Both namespaces hold the same few operations under the same names, so that a kernel written with them (as text that is included in
/// each, since a function has one target) runs on either. Plain arithmetic of vectors is the compiler's own.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define HETEROGLASS_SIMD
// GCC 12 takes the deliberately undefined registers of its own header for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

#include <array>
#include <cstdint>

namespace heteroglass::potential {

#define HETEROGLASS_V4 __attribute__((target("arch=x86-64-v4")))
#define HETEROGLASS_V3 __attribute__((target("arch=x86-64-v3")))

namespace avx512 {
#define HETEROGLASS_INLINE inline __attribute__((target("arch=x86-64-v4"), always_inline))
using V = __m512d;
constexpr std::int32_t lanes = 8;
inline bool available() {
  static const bool there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
  return there;
}

/// Four columns of as many rows as there are lanes.
struct Columns {
  V a, b, c, d;
};
/// Columns of the four numbers from base + stride * index[k] on.
HETEROGLASS_INLINE Columns rows(const double* base, std::int64_t stride, const std::int32_t* index) {
  const auto two = [&](int low, int high) HETEROGLASS_V4 __attribute__((always_inline)) {
    return _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_loadu_pd(base + stride * index[low])),
                              _mm256_loadu_pd(base + stride * index[high]), 1);
  };
  const V r02 = two(0, 2), r13 = two(1, 3), r46 = two(4, 6), r57 = two(5, 7);
  const V ac = _mm512_unpacklo_pd(r02, r13), bd = _mm512_unpackhi_pd(r02, r13);
  const V ac2 = _mm512_unpacklo_pd(r46, r57), bd2 = _mm512_unpackhi_pd(r46, r57);
  return {_mm512_shuffle_f64x2(ac, ac2, 0x88), _mm512_shuffle_f64x2(bd, bd2, 0x88), _mm512_shuffle_f64x2(ac, ac2, 0xdd),
          _mm512_shuffle_f64x2(bd, bd2, 0xdd)};
}
HETEROGLASS_INLINE V all(double x) { return _mm512_set1_pd(x); }
HETEROGLASS_INLINE V load(const double* from) { return _mm512_loadu_pd(from); }
HETEROGLASS_INLINE V least(V a, V b) { return _mm512_min_pd(a, b); }
HETEROGLASS_INLINE V most(V a, V b) { return _mm512_max_pd(a, b); }
/// v where x < cut, zero elsewhere.
HETEROGLASS_INLINE V below(V x, V cut, V v) { return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, cut, _CMP_LT_OQ), v); }
HETEROGLASS_INLINE bool none_below(V x, V cut) { return _mm512_cmp_pd_mask(x, cut, _CMP_LT_OQ) == 0; }
HETEROGLASS_INLINE double sum(V v) { return _mm512_reduce_add_pd(v); }
/// The first `count` lanes; zero in the others.
HETEROGLASS_INLINE V first(V v, std::int32_t count) {
  return _mm512_maskz_mov_pd(static_cast<__mmask8>(count >= lanes ? 0xff : (1u << count) - 1), v);
}
/// 1/sqrt to the last bit or two: the estimate of 14 bits and two steps of Newton.
HETEROGLASS_INLINE V inverse_root(V x) {
  const V half = x * 0.5, c = all(1.5);
  V y = _mm512_rsqrt14_pd(x);
  y = y * _mm512_fnmadd_pd(half * y, y, c);
  return y * _mm512_fnmadd_pd(half * y, y, c);
}
/// Splits a coordinate in a table into the interval, 0 to `last`, and the rest, at most 1. What is not a number falls into the first one.
HETEROGLASS_INLINE V split(V at, std::int32_t last, std::int32_t* interval) {
  const __m256i m = _mm256_max_epi32(_mm256_min_epi32(_mm512_cvttpd_epi32(at), _mm256_set1_epi32(last)), _mm256_setzero_si256());
  _mm256_store_si256(reinterpret_cast<__m256i*>(interval), m);
  return _mm512_min_pd(at - _mm512_cvtepi32_pd(m), all(1));
}
/// Appends those of eight squared distances that are below the cut to near2[count...]; a bit for each tells which.
HETEROGLASS_INLINE std::uint8_t within(const double* base, const std::int32_t* index, V x, V y, V z, V cut, double* near2,
                                       std::int32_t& count) {
  const Columns q = rows(base, 4, index);
  const V dx = q.a - x, dy = q.b - y, dz = q.c - z, r2 = dx * dx + dy * dy + dz * dz;
  const __mmask8 in = _mm512_cmp_pd_mask(r2, cut, _CMP_LT_OQ);
  _mm512_storeu_pd(near2 + count, _mm512_maskz_compress_pd(in, r2));
  count += __builtin_popcount(in);
  return static_cast<std::uint8_t>(in);
}
/// Appends those of eight indices whose bit is set.
HETEROGLASS_INLINE void append(const std::int32_t* index, std::uint8_t in, std::int32_t* near, std::int32_t& count) {
  const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(index));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(near + count), _mm256_maskz_compress_epi32(in, v));
  count += __builtin_popcount(in);
}
#undef HETEROGLASS_INLINE
}  // namespace avx512

namespace avx2 {
#define HETEROGLASS_INLINE inline __attribute__((target("arch=x86-64-v3"), always_inline))
using V = __m256d;
constexpr std::int32_t lanes = 4;
inline bool available() {
  static const bool there = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  return there;
}

struct Columns {
  V a, b, c, d;
};
HETEROGLASS_INLINE Columns rows(const double* base, std::int64_t stride, const std::int32_t* index) {
  const V r0 = _mm256_loadu_pd(base + stride * index[0]), r1 = _mm256_loadu_pd(base + stride * index[1]);
  const V r2 = _mm256_loadu_pd(base + stride * index[2]), r3 = _mm256_loadu_pd(base + stride * index[3]);
  const V ac = _mm256_unpacklo_pd(r0, r1), bd = _mm256_unpackhi_pd(r0, r1), ac2 = _mm256_unpacklo_pd(r2, r3),
          bd2 = _mm256_unpackhi_pd(r2, r3);
  return {_mm256_permute2f128_pd(ac, ac2, 0x20), _mm256_permute2f128_pd(bd, bd2, 0x20), _mm256_permute2f128_pd(ac, ac2, 0x31),
          _mm256_permute2f128_pd(bd, bd2, 0x31)};
}
HETEROGLASS_INLINE V all(double x) { return _mm256_set1_pd(x); }
HETEROGLASS_INLINE V load(const double* from) { return _mm256_loadu_pd(from); }
HETEROGLASS_INLINE V least(V a, V b) { return _mm256_min_pd(a, b); }
HETEROGLASS_INLINE V most(V a, V b) { return _mm256_max_pd(a, b); }
HETEROGLASS_INLINE V below(V x, V cut, V v) { return _mm256_and_pd(v, _mm256_cmp_pd(x, cut, _CMP_LT_OQ)); }
HETEROGLASS_INLINE bool none_below(V x, V cut) { return _mm256_movemask_pd(_mm256_cmp_pd(x, cut, _CMP_LT_OQ)) == 0; }
HETEROGLASS_INLINE double sum(V v) {
  const __m128d two = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
  return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
}
HETEROGLASS_INLINE V first(V v, std::int32_t count) {
  return _mm256_and_pd(v, _mm256_cmp_pd(_mm256_setr_pd(0, 1, 2, 3), all(count), _CMP_LT_OQ));
}
HETEROGLASS_INLINE V inverse_root(V x) { return all(1) / _mm256_sqrt_pd(x); }
HETEROGLASS_INLINE V split(V at, std::int32_t last, std::int32_t* interval) {
  const __m128i m = _mm_max_epi32(_mm_min_epi32(_mm256_cvttpd_epi32(at), _mm_set1_epi32(last)), _mm_setzero_si128());
  _mm_store_si128(reinterpret_cast<__m128i*>(interval), m);
  return _mm256_min_pd(at - _mm256_cvtepi32_pd(m), all(1));
}

/// For each pattern of eight bits the places of those set, in order.
inline constexpr std::array<std::array<std::uint8_t, 8>, 256> set_bits = [] {
  std::array<std::array<std::uint8_t, 8>, 256> out{};
  for (unsigned pattern = 0; pattern < 256; ++pattern)
    for (unsigned bit = 0, n = 0; bit < 8; ++bit)
      if (pattern >> bit & 1) out[pattern][n++] = static_cast<std::uint8_t>(bit);
  return out;
}();

HETEROGLASS_INLINE void append(const std::int32_t* index, std::uint8_t in, std::int32_t* near, std::int32_t& count) {
  const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(index));
  const __m256i order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(set_bits[in].data())));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(near + count), _mm256_permutevar8x32_epi32(v, order));
  count += __builtin_popcount(in);
}
HETEROGLASS_INLINE std::uint8_t within(const double* base, const std::int32_t* index, V x, V y, V z, V cut, double* near2,
                                       std::int32_t& count) {
  unsigned both = 0;
  for (int half = 0; half < 2; ++half) {
    const Columns q = rows(base, 4, index + 4 * half);
    const V dx = q.a - x, dy = q.b - y, dz = q.c - z, r2 = dx * dx + dy * dy + dz * dz;
    const auto in = static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(r2, cut, _CMP_LT_OQ)));
    alignas(32) double four[4];
    _mm256_store_pd(four, r2);
    for (unsigned k = 0; k < 4; ++k) {
      near2[count] = four[k];
      count += static_cast<std::int32_t>(in >> k & 1);
    }
    both |= in << (4 * half);
  }
  return static_cast<std::uint8_t>(both);
}
#undef HETEROGLASS_INLINE
}  // namespace avx2

}  // namespace heteroglass::potential
#endif
