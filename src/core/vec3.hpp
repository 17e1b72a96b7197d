/// Three-vectors and 3x3 matrices of double, as plain aggregates.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace heteroglass {

struct Vec3 {
  double x = 0, y = 0, z = 0;

  constexpr double operator[](std::size_t i) const { return i == 0 ? x : i == 1 ? y : z; }
  constexpr double& operator[](std::size_t i) { return i == 0 ? x : i == 1 ? y : z; }
  constexpr Vec3& operator+=(const Vec3& b) {
    x += b.x, y += b.y, z += b.z;
    return *this;
  }
  constexpr Vec3& operator-=(const Vec3& b) {
    x -= b.x, y -= b.y, z -= b.z;
    return *this;
  }
  constexpr Vec3& operator*=(double s) {
    x *= s, y *= s, z *= s;
    return *this;
  }
  friend constexpr bool operator==(const Vec3&, const Vec3&) = default;
};

constexpr Vec3 operator+(Vec3 a, const Vec3& b) { return a += b; }
constexpr Vec3 operator-(Vec3 a, const Vec3& b) { return a -= b; }
constexpr Vec3 operator-(const Vec3& a) { return {-a.x, -a.y, -a.z}; }
constexpr Vec3 operator*(double s, Vec3 a) { return a *= s; }
constexpr Vec3 operator*(Vec3 a, double s) { return a *= s; }
constexpr Vec3 operator/(Vec3 a, double s) { return a *= 1 / s; }
constexpr double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
constexpr Vec3 cross(const Vec3& a, const Vec3& b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
constexpr double norm2(const Vec3& a) { return dot(a, a); }
inline double norm(const Vec3& a) { return std::sqrt(norm2(a)); }

/// Row-major 3x3 matrix: m[row][column].
struct Mat3 {
  std::array<std::array<double, 3>, 3> m{};

  constexpr std::array<double, 3>& operator[](std::size_t row) { return m[row]; }
  constexpr const std::array<double, 3>& operator[](std::size_t row) const { return m[row]; }
  static constexpr Mat3 identity() { return {{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}; }
  static constexpr Mat3 columns(const Vec3& a, const Vec3& b, const Vec3& c) {
    return {{{{a.x, b.x, c.x}, {a.y, b.y, c.y}, {a.z, b.z, c.z}}}};
  }
  constexpr Vec3 column(std::size_t j) const { return {m[0][j], m[1][j], m[2][j]}; }
  friend constexpr bool operator==(const Mat3&, const Mat3&) = default;
};

constexpr Vec3 operator*(const Mat3& a, const Vec3& v) {
  return {a[0][0] * v.x + a[0][1] * v.y + a[0][2] * v.z, a[1][0] * v.x + a[1][1] * v.y + a[1][2] * v.z,
          a[2][0] * v.x + a[2][1] * v.y + a[2][2] * v.z};
}
constexpr Mat3 operator*(const Mat3& a, const Mat3& b) { return Mat3::columns(a * b.column(0), a * b.column(1), a * b.column(2)); }
constexpr Mat3 transpose(const Mat3& a) {
  return {{{{a[0][0], a[1][0], a[2][0]}, {a[0][1], a[1][1], a[2][1]}, {a[0][2], a[1][2], a[2][2]}}}};
}
constexpr double determinant(const Mat3& a) { return dot(a.column(0), cross(a.column(1), a.column(2))); }
/// Inverse by cofactors; the caller checks the determinant.
constexpr Mat3 inverse(const Mat3& a) {
  const Vec3 p = a.column(0), q = a.column(1), r = a.column(2);
  const double d = determinant(a);
  return transpose(Mat3::columns(cross(q, r) / d, cross(r, p) / d, cross(p, q) / d));
}

}  // namespace heteroglass
