#include "neighbor/tessellation.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <voro++/voro++.hh>

#include "core/error.hpp"

namespace heteroglass::neighbor {
namespace {

/// An atom that may cut the cell.
struct Candidate {
  double distance2;
  Vec3 separation;
  std::int32_t index;  ///< in the frame
  double radius2;
};

/// Atoms sorted into blocks of the box, in units where the mean spacing is between 0.7 and 1.5 (Voro++ has absolute
/// tolerances); the scale is a power of two, so that nothing is rounded.
class Blocks {
 public:
  Blocks(const Frame& frame, std::span<const double> radii);

  std::size_t size() const { return position_.size(); }
  std::size_t atom(std::size_t k) const { return static_cast<std::size_t>(index_[k]); }
  double scale() const { return scale_; }
  double reach() const { return reach_; }
  double radius2(std::size_t k) const { return radius2_.empty() ? 0 : radius2_[k]; }
  double largest_radius2() const { return largest_radius2_; }
  /// No cell extends farther from its atom.
  double extent() const { return norm(edges_.column(0)) + norm(edges_.column(1)) + norm(edges_.column(2)); }
  const Box& box() const { return box_; }

  /// Atoms and images with inner <= distance < outer from the k-th atom, itself excluded, sorted by distance.
  void gather(std::size_t k, double inner, double outer, std::vector<Candidate>& found) const;

  struct Wall {
    Vec3 normal;
    double distance;
    int id;
  };
  void walls(std::size_t k, std::vector<Wall>& found) const;

 private:
  void build(const std::vector<Vec3>& fractional);
  double occupancy() const;
  void scan(std::size_t block, std::size_t k, const Vec3& shift, double inner2, double outer2, std::vector<Candidate>& found) const;

  const Box& box_;
  double scale_ = 1, reach_ = 1, largest_radius2_ = 0;
  Mat3 edges_;
  Vec3 heights_;
  std::array<int, 3> count_{};
  std::vector<std::size_t> first_;
  std::vector<std::int32_t> index_;
  std::vector<std::array<int, 3>> block_;
  std::vector<Vec3> position_;
  std::vector<double> radius2_;
};

Blocks::Blocks(const Frame& frame, std::span<const double> radii) : box_(frame.box) {
  const std::size_t n = frame.size();
  const double spacing = std::cbrt(box_.volume() / double(n));
  scale_ = std::exp2(-std::round(std::log2(spacing)));
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) edges_[i][j] = box_.edges()[i][j] * scale_;
  heights_ = box_.heights() * scale_;
  std::vector<Vec3> fractional(n);
#pragma omp parallel for
  for (std::size_t i = 0; i < n; ++i) {
    Vec3 s = box_.fractional(frame.position[i]);
    for (std::size_t k = 0; k < 3; ++k)
      if (box_.periodic(k)) s[k] -= std::floor(s[k]);
    fractional[i] = s;
  }
  // Atoms may leave most of the box empty; then blocks follow the density where atoms are.
  reach_ = 2.05 * spacing * scale_;
  build(fractional);
  for (int i = 0; i < 20 && occupancy() > 30 && first_.size() < 16 * n + 64; ++i) {
    reach_ *= std::max(0.6, std::cbrt(10 / occupancy()));
    build(fractional);
  }
  position_.resize(n);
#pragma omp parallel for
  for (std::size_t k = 0; k < n; ++k) position_[k] = edges_ * fractional[atom(k)];
  if (radii.empty()) return;
  radius2_.resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    const double r = radii[atom(k)] * scale_;
    radius2_[k] = r * r;
    largest_radius2_ = std::max(largest_radius2_, r * r);
  }
}

void Blocks::build(const std::vector<Vec3>& fractional) {
  const std::size_t n = fractional.size();
  for (std::size_t k = 0; k < 3; ++k) count_[k] = std::clamp(static_cast<int>(heights_[k] / reach_), 1, 1024);
  const auto [nx, ny, nz] = count_;
  first_.assign(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) * static_cast<std::size_t>(nz) + 1, 0);
  const auto place = [&](const Vec3& s) {
    std::array<int, 3> b{};
    for (std::size_t k = 0; k < 3; ++k) b[k] = std::clamp(static_cast<int>(s[k] * count_[k]), 0, count_[k] - 1);
    return b;
  };
  const auto number = [&](const std::array<int, 3>& b) {
    const auto whole = [](int i) { return static_cast<std::size_t>(i); };
    return (whole(b[2]) * whole(count_[1]) + whole(b[1])) * whole(count_[0]) + whole(b[0]);
  };
  for (const Vec3& s : fractional) ++first_[number(place(s)) + 1];
  for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
  index_.resize(n);
  block_.resize(n);
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t i = 0; i < n; ++i) {
    const auto b = place(fractional[i]);
    const std::size_t k = next[number(b)]++;
    index_[k] = static_cast<std::int32_t>(i);
    block_[k] = b;
  }
}

/// Mean number of atoms in an atom's block.
double Blocks::occupancy() const {
  double sum = 0;
  for (std::size_t b = 0; b + 1 < first_.size(); ++b) {
    const auto m = double(first_[b + 1] - first_[b]);
    sum += m * m;
  }
  return sum / double(index_.size());
}

void Blocks::scan(std::size_t block, std::size_t k, const Vec3& shift, double inner2, double outer2, std::vector<Candidate>& found) const {
  const Vec3 from = position_[k] - shift;
  const bool home = shift == Vec3{};
  for (std::size_t j = first_[block]; j < first_[block + 1]; ++j) {
    const Vec3 d = position_[j] - from;
    const double d2 = norm2(d);
    if (d2 >= outer2 || d2 < inner2 || (home && j == k)) continue;
    found.push_back({d2, d, index_[j], radius2(j)});
  }
}

void Blocks::gather(std::size_t k, double inner, double outer, std::vector<Candidate>& found) const {
  found.clear();
  std::array<int, 3> low{}, high{};
  for (std::size_t a = 0; a < 3; ++a) {
    const int r = static_cast<int>(std::ceil(outer * count_[a] / heights_[a]));
    low[a] = block_[k][a] - r, high[a] = block_[k][a] + r;
    if (!box_.periodic(a)) low[a] = std::max(low[a], 0), high[a] = std::min(high[a], count_[a] - 1);
  }
  const auto cell = [](int b, int m) { return b >= 0 ? b / m : -((m - 1 - b) / m); };
  for (int z = low[2]; z <= high[2]; ++z) {
    const int cz = cell(z, count_[2]);
    for (int y = low[1]; y <= high[1]; ++y) {
      const int cy = cell(y, count_[1]);
      for (int x = low[0]; x <= high[0]; ++x) {
        const int cx = cell(x, count_[0]);
        const Vec3 shift = cx || cy || cz ? edges_ * Vec3{double(cx), double(cy), double(cz)} : Vec3{};
        const int block = ((z - cz * count_[2]) * count_[1] + (y - cy * count_[1])) * count_[0] + (x - cx * count_[0]);
        scan(static_cast<std::size_t>(block), k, shift, inner * inner, outer * outer, found);
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) { return a.distance2 < b.distance2; });
}

void Blocks::walls(std::size_t k, std::vector<Wall>& found) const {
  found.clear();
  for (std::size_t a = 0; a < 3; ++a) {
    if (box_.periodic(a)) continue;
    Vec3 normal = cross(edges_.column((a + 1) % 3), edges_.column((a + 2) % 3));
    normal = normal / norm(normal);
    const double low = dot(position_[k], normal);
    const int id = -11 - 2 * static_cast<int>(a);
    found.push_back({-normal, std::max(0.0, low), id});
    found.push_back({normal, std::max(0.0, heights_[a] - low), id - 1});
  }
}

/// Voro++ must never be asked to cut by a plane of no direction.
struct Coincident {
  std::size_t a, b;
};

/// Cuts cells, one after another, in memory of its own.
class Cutter {
 public:
  explicit Cutter(const Blocks& blocks) : blocks_(blocks) {}

  /// @return false when nothing is left of the cell.
  bool cut(std::size_t k) {
    // A small start box saves cuts; when a face of it survives, the cell is larger: start again from all space.
    if (!cut_from(k, 1.5 * blocks_.reach())) return false;
    if (!touches_start()) return true;
    return cut_from(k, blocks_.extent());
  }

  void copy_to(VoronoiCell& out);

 private:
  bool cut_from(std::size_t k, double half);
  bool touches_start();
  bool cut_all(double own_radius2);
  bool reaches_outside(const Vec3& n, double limit);

  const Blocks& blocks_;
  voro::voronoicell_neighbor cell_;
  std::vector<Candidate> candidates_;
  std::vector<Blocks::Wall> walls_;
};

/// Is a vertex beyond the plane? The farthest one becomes the place where Voro++ starts to cut.
bool Cutter::reaches_outside(const Vec3& n, double limit) {
  const double* v = cell_.pts;
  double best = -1e300;
  int at = 0;
  for (int i = 0; i < cell_.p; ++i, v += 3) {
    const double u = v[0] * n.x + v[1] * n.y + v[2] * n.z;
    if (u > best) best = u, at = i;
  }
  if (best - limit <= voro::tolerance) return false;
  cell_.up = at;
  return true;
}

/// Planes of the gathered candidates, nearest first, until none can reach the farthest vertex.
bool Cutter::cut_all(double own_radius2) {
  const double excess = own_radius2 - blocks_.largest_radius2();
  double reach2 = cell_.max_radius_squared();  // Voro++ holds vertices doubled: this is (2 R)^2
  for (const Candidate& c : candidates_) {
    const double bound = c.distance2 + excess;
    if (bound > 0 && bound * bound >= reach2 * c.distance2) break;
    const double limit = c.distance2 + own_radius2 - c.radius2;
    if (!reaches_outside(c.separation, limit)) continue;
    if (!cell_.nplane(c.separation.x, c.separation.y, c.separation.z, limit, c.index)) return false;
    reach2 = cell_.max_radius_squared();
  }
  return true;
}

bool Cutter::cut_from(std::size_t k, double half) {
  cell_.init(-half, half, -half, half, -half, half);
  blocks_.walls(k, walls_);
  for (const auto& w : walls_)
    if (reaches_outside(w.normal, 2 * w.distance) && !cell_.nplane(w.normal.x, w.normal.y, w.normal.z, 2 * w.distance, w.id)) return false;
  const double own = blocks_.radius2(k);
  for (double inner = 0, outer = blocks_.reach();;) {
    blocks_.gather(k, inner, outer, candidates_);
    if (inner == 0 && !candidates_.empty() && candidates_.front().distance2 < 1e-12)
      throw Coincident{blocks_.atom(k), static_cast<std::size_t>(candidates_.front().index)};
    if (!cut_all(own)) return false;
    const double r = 0.5 * std::sqrt(cell_.max_radius_squared());
    const double needed = r + std::sqrt(std::max(0.0, r * r + blocks_.largest_radius2() - own));
    if (needed <= outer) return true;
    inner = outer;
    outer = std::min(needed * (1 + 1e-12), 1.6 * outer);
  }
}

bool Cutter::touches_start() {
  for (int i = 0; i < cell_.p; ++i)
    for (int j = 0; j < cell_.nu[i]; ++j)
      if (const int id = cell_.ne[i][j]; id < 0 && id > -7) return true;
  return false;
}

/// Walks around every face once, marking used edges negative as Voro++ does; the next init() clears the marks.
void Cutter::copy_to(VoronoiCell& out) {
  const double to_angstrom = 0.5 / blocks_.scale();
  voro::voronoicell_neighbor& c = cell_;
  out.vertices.resize(static_cast<std::size_t>(c.p));
  double radius2 = 0;
  for (std::size_t i = 0; i < out.vertices.size(); ++i) {
    out.vertices[i] = to_angstrom * Vec3{c.pts[3 * i], c.pts[3 * i + 1], c.pts[3 * i + 2]};
    radius2 = std::max(radius2, norm2(out.vertices[i]));
  }
  out.radius = std::sqrt(radius2);
  for (int i = 1; i < c.p; ++i)
    for (int j = 0; j < c.nu[i]; ++j) {
      int k = c.ed[i][j];
      if (k < 0) continue;
      CellFace face;
      face.neighbor = c.ne[i][j] < 0 ? c.ne[i][j] + 10 : c.ne[i][j];
      face.first = out.corners.size();
      out.corners.push_back(i);
      c.ed[i][j] = -1 - k;
      int l = c.cycle_up(c.ed[i][c.nu[i] + j], k);
      while (k != i) {
        out.corners.push_back(k);
        const int m = c.ed[k][l];
        c.ed[k][l] = -1 - m;
        l = c.cycle_up(c.ed[k][c.nu[k] + l], m);
        k = m;
      }
      face.order = static_cast<int>(out.corners.size() - face.first);
      out.faces.push_back(face);
    }
}

void measure(VoronoiCell& cell) {
  double six_volumes = 0;
  for (CellFace& f : cell.faces) {
    const auto corners = cell.corners_of(f);
    const Vec3& apex = cell.vertices[static_cast<std::size_t>(corners[0])];
    Vec3 twice_area;
    for (std::size_t k = 1; k + 1 < corners.size(); ++k)
      twice_area +=
          cross(cell.vertices[static_cast<std::size_t>(corners[k])] - apex, cell.vertices[static_cast<std::size_t>(corners[k + 1])] - apex);
    six_volumes += dot(apex, twice_area);
    f.area = 0.5 * norm(twice_area);
    cell.surface += f.area;
  }
  cell.volume = std::abs(six_volumes) / 6;
}

void clear(VoronoiCell& cell, std::size_t atom) {
  cell.atom = atom;
  cell.volume = cell.surface = cell.radius = 0;
  cell.faces.clear();
  cell.corners.clear();
  cell.vertices.clear();
}

void check(const Frame& frame, std::span<const double> radii) {
  if (frame.size() == 0) throw InputError("tessellation: the frame must hold at least one atom, got 0");
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Vec3& r = frame.position[i];
    if (!std::isfinite(r.x) || !std::isfinite(r.y) || !std::isfinite(r.z))
      throw InputError(fmt::format("tessellation: coordinates must be finite, got ({}, {}, {}) for atom {}", r.x, r.y, r.z, frame.id[i]));
  }
  if (radii.empty()) return;
  if (radii.size() != frame.size())
    throw InputError(fmt::format("tessellation: radii must have one entry per atom ({}), got {}", frame.size(), radii.size()));
  for (std::size_t i = 0; i < radii.size(); ++i)
    if (!(radii[i] >= 0) || !std::isfinite(radii[i]))
      throw InputError(
          fmt::format("tessellation: radii must be finite and not negative, got {} angstrom for atom {}", radii[i], frame.id[i]));
}

[[noreturn]] void refuse(const Frame& frame, const Coincident& c) {
  const Vec3& r = frame.position[c.a];
  throw InputError(fmt::format("tessellation: atoms must not coincide, got atoms {} and {} at ({:.6g}, {:.6g}, {:.6g})",
                               frame.id[std::min(c.a, c.b)], frame.id[std::max(c.a, c.b)], r.x, r.y, r.z));
}

/// Lets threads stop at the first failure and keeps it for the caller.
class Failure {
 public:
  bool any() const { return any_; }
  void keep() {
    const std::lock_guard lock(mutex_);
    if (!any_) error_ = std::current_exception();
    any_ = true;
  }
  void stop() { any_ = true; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::atomic<bool> any_ = false;
  std::exception_ptr error_;
  std::mutex mutex_;
};

}  // namespace

void tessellate(const Frame& frame, std::span<const double> radii, const std::function<void(const VoronoiCell&)>& visit, Context& context) {
  check(frame, radii);
  const Blocks blocks(frame, radii);
  const auto n = static_cast<std::ptrdiff_t>(blocks.size());
  std::atomic<std::ptrdiff_t> done = 0;
  Failure failure;
#pragma omp parallel
  {
    Cutter cutter(blocks);
    VoronoiCell cell;
    const bool speaker = omp_get_thread_num() == 0;
#pragma omp for schedule(dynamic, 128)
    for (std::ptrdiff_t i = 0; i < n; ++i) {
      if (failure.any()) continue;
      try {
        const auto k = static_cast<std::size_t>(i);
        clear(cell, blocks.atom(k));
        if (cutter.cut(k)) {
          cutter.copy_to(cell);
          measure(cell);
        }
        visit(cell);
      } catch (...) {
        failure.keep();
      }
      if (const auto now = ++done; speaker && now % 1024 < 16) {
        if (context.cancelled()) failure.stop();
        context.progress(double(now) / double(n), "Voronoi cells");
      }
    }
  }
  try {
    failure.rethrow();
  } catch (const Coincident& c) {
    refuse(frame, c);
  }
  context.check_cancelled();
}

}  // namespace heteroglass::neighbor
