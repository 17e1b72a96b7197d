#include "structure/atom_clusters.hpp"

#include <algorithm>
#include <cmath>

#include "numeric/symmetric3.hpp"

namespace heteroglass::structure {
namespace {

/// Cells crossed by a link, from the fractional coordinates of its ends.
WrappingClusters::Cells crossed(const Frame& f, std::size_t i, const neighbor::Neighbor& n) {
  const Vec3 s = f.box.fractional(f.position[i] + n.separation) - f.box.fractional(f.position[std::size_t(n.index)]);
  return {int(std::lround(s.x)), int(std::lround(s.y)), int(std::lround(s.z))};
}

/// Clusters that grow link by link, with the ends of the sample that each has reached along open edges.
class Growing {
 public:
  Growing(const Frame& f, const std::vector<std::size_t>& atoms, double reach) : frame_(f), sets_(f.size()), ends_(f.size()) {
    if (f.box.fully_periodic() || atoms.empty()) return;
    std::vector<Vec3> s;
    for (const Vec3& r : f.position) s.push_back(f.box.fractional(r));
    for (std::size_t k = 0; k < 3; ++k) {
      if (f.box.periodic(k)) continue;
      double low = INFINITY, high = -INFINITY;
      for (const Vec3& v : s) low = std::min(low, v[k]), high = std::max(high, v[k]);
      const double margin = reach / f.box.heights()[k];
      for (const std::size_t i : atoms) ends_[i][k] = {s[i][k] <= low + margin, s[i][k] >= high - margin};
    }
  }
  void link(std::size_t i, const neighbor::Neighbor& n) {
    const auto j = std::size_t(n.index);
    const std::size_t a = sets_.root(i), b = sets_.root(j);
    sets_.link(i, j, crossed(frame_, i, n));
    const std::size_t now = sets_.root(i);
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t end = 0; end < 2; ++end) ends_[now][k][end] = ends_[a][k][end] || ends_[b][k][end];
  }
  bool percolates(std::size_t i, std::size_t k) {
    const std::size_t r = sets_.root(i);
    return frame_.box.periodic(k) ? sets_.wraps(r)[k] : ends_[r][k][0] && ends_[r][k][1];
  }
  WrappingClusters& sets() { return sets_; }

 private:
  const Frame& frame_;
  WrappingClusters sets_;
  std::vector<std::array<std::array<bool, 2>, 3>> ends_;
};

struct Moments {
  Vec3 sum;
  std::array<double, 6> squares{};  // xx, yy, zz, yz, xz, xy

  void add(const Vec3& r) {
    sum += r;
    squares[0] += r.x * r.x, squares[1] += r.y * r.y, squares[2] += r.z * r.z;
    squares[3] += r.y * r.z, squares[4] += r.x * r.z, squares[5] += r.x * r.y;
  }
};

}  // namespace

AtomClusters atom_clusters(const Frame& f, const neighbor::NeighborList& list, const std::vector<std::size_t>& chosen, double reach) {
  std::vector<char> member(f.size(), 0);
  for (const std::size_t i : chosen) member[i] = 1;
  Growing grown(f, chosen, reach);
  for (const std::size_t i : chosen)
    for (const neighbor::Neighbor& n : list.of(i))
      if (std::size_t(n.index) >= i && member[std::size_t(n.index)] && norm2(n.separation) < reach * reach) grown.link(i, n);
  std::vector<std::size_t> roots;
  std::vector<int> place(f.size(), 0);
  for (const std::size_t i : chosen) {
    const std::size_t r = grown.sets().root(i);
    if (place[r] == 0) roots.push_back(r), place[r] = 1;
  }
  std::stable_sort(roots.begin(), roots.end(), [&](std::size_t a, std::size_t b) { return grown.sets().size(a) > grown.sets().size(b); });
  for (std::size_t k = 0; k < roots.size(); ++k) place[roots[k]] = int(k) + 1;
  AtomClusters out;
  out.number.assign(f.size(), 0);
  out.cluster.resize(roots.size());
  std::vector<Moments> moments(roots.size());
  for (const std::size_t i : chosen) {
    const std::size_t root = grown.sets().root(i);
    out.number[i] = place[root];
    // In one piece, and from the root so that squares lose no digits.
    const auto cells = grown.sets().cells(i);
    const Vec3 r = f.position[i] + f.box.edges() * Vec3{double(cells[0]), double(cells[1]), double(cells[2])} - f.position[root];
    moments[std::size_t(place[root] - 1)].add(r);
  }
  for (std::size_t k = 0; k < roots.size(); ++k) {
    AtomCluster& c = out.cluster[k];
    c.atoms = grown.sets().size(roots[k]);
    bool any = false;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      c.percolates[axis] = grown.percolates(roots[k], axis);
      any = any || (c.percolates[axis] && f.box.periodic(axis));
    }
    const double n = double(c.atoms);
    const Vec3 mean = moments[k].sum / n;
    c.centre = f.box.wrap(f.position[roots[k]] + mean);
    std::array<double, 6> g{};
    for (std::size_t m = 0; m < 6; ++m) g[m] = moments[k].squares[m] / n;
    g[0] -= mean.x * mean.x, g[1] -= mean.y * mean.y, g[2] -= mean.z * mean.z;
    g[3] -= mean.y * mean.z, g[4] -= mean.x * mean.z, g[5] -= mean.x * mean.y;
    c.gyration = any ? std::array<double, 3>{NAN, NAN, NAN} : numeric::eigenvalues_symmetric3(g);
  }
  return out;
}

std::array<double, 3> critical_fraction(const Frame& f, const neighbor::NeighborList& list, const std::vector<std::size_t>& order,
                                        double reach) {
  Growing grown(f, order, reach);
  std::vector<char> there(f.size(), 0);
  std::array<double, 3> found = {NAN, NAN, NAN};
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    there[i] = 1;
    for (const neighbor::Neighbor& n : list.of(i))
      if (there[std::size_t(n.index)] && norm2(n.separation) < reach * reach) grown.link(i, n);
    bool all = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (std::isnan(found[axis]) && grown.percolates(i, axis)) found[axis] = double(k + 1) / double(order.size());
      all = all && std::isfinite(found[axis]);
    }
    if (all) break;
  }
  return found;
}

std::array<double, 3> critical_distance(const Frame& f, const std::vector<std::size_t>& chosen) {
  const Frame own = part_of(f, chosen);
  const double spacing = std::cbrt(f.box.volume() / double(chosen.size()));
  std::array<double, 3> found = {NAN, NAN, NAN};
  for (const double factor : {1.3, 3.0}) {
    const double longest = factor * spacing;
    const neighbor::NeighborList list(own, longest, true);
    struct Link {
      double length;
      std::size_t from;
      neighbor::Neighbor to;
    };
    std::vector<Link> links;
    for (std::size_t i = 0; i < own.size(); ++i)
      for (const neighbor::Neighbor& n : list.of(i)) links.push_back({norm(n.separation), i, n});
    std::stable_sort(links.begin(), links.end(), [](const Link& a, const Link& b) { return a.length < b.length; });
    std::vector<std::size_t> every;
    for (std::size_t i = 0; i < own.size(); ++i) every.push_back(i);
    Growing grown(own, every, spacing);
    found = {NAN, NAN, NAN};
    for (const Link& l : links) {
      grown.link(l.from, l.to);
      bool all = true;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (std::isnan(found[axis]) && grown.percolates(l.from, axis)) found[axis] = l.length;
        all = all && std::isfinite(found[axis]);
      }
      if (all) return found;
    }
  }
  return found;
}

Frame part_of(const Frame& f, const std::vector<std::size_t>& chosen) {
  Frame own;
  own.box = f.box, own.units = f.units, own.species = f.species, own.source = f.source;
  for (const std::size_t i : chosen) own.id.push_back(f.id[i]), own.type.push_back(f.type[i]), own.position.push_back(f.position[i]);
  return own;
}

}  // namespace heteroglass::structure
