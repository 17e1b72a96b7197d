/// Clusters of linked sites in a periodic box, and whether they wrap around it.
///
/// A union-find structure in which every site knows the cells between it and the root of its cluster: a link that closes a loop with cells left over
/// means that the cluster meets its own image, and so spans the periodic sample.
/// Reference: Newman, Ziff, Phys. Rev. E 64, 016706 (2001), doi:10.1103/PhysRevE.64.016706, section II.D.
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace heteroglass::structure {

class WrappingClusters {
 public:
  using Cells = std::array<int, 3>;

  explicit WrappingClusters(std::size_t sites) : parent_(sites), offset_(sites, Cells{}), size_(sites, 1), wraps_(sites) {
    for (std::size_t i = 0; i < sites; ++i) parent_[i] = i;
  }

  /// Site b in the cell `cells` away from that of a is a neighbour of a.
  void link(std::size_t a, std::size_t b, const Cells& cells) {
    const auto [root_a, at_a] = find(a);
    const auto [root_b, at_b] = find(b);
    Cells apart{};  // from root a to root b
    for (std::size_t k = 0; k < 3; ++k) apart[k] = at_a[k] + cells[k] - at_b[k];
    if (root_a == root_b) {
      for (std::size_t k = 0; k < 3; ++k) wraps_[root_a][k] = wraps_[root_a][k] || apart[k] != 0;
      return;
    }
    const bool into_a = size_[root_a] >= size_[root_b];
    const std::size_t root = into_a ? root_a : root_b, other = into_a ? root_b : root_a;
    parent_[other] = root;
    for (std::size_t k = 0; k < 3; ++k) {
      offset_[other][k] = into_a ? apart[k] : -apart[k];
      wraps_[root][k] = wraps_[root][k] || wraps_[other][k];
    }
    size_[root] += size_[other];
  }

  std::size_t root(std::size_t i) { return find(i).first; }
  std::size_t size(std::size_t root) const { return size_[root]; }
  /// Along each edge of the box.
  const std::array<bool, 3>& wraps(std::size_t root) const { return wraps_[root]; }
  /// Cells between a site and its root: where the cluster is in one piece.
  Cells cells(std::size_t i) { return find(i).second; }

 private:
  /// The root, and the cells from it to the site; shortens the way there.
  std::pair<std::size_t, Cells> find(std::size_t i) {
    std::size_t root = i;
    Cells sum{};
    while (parent_[root] != root) {
      for (std::size_t k = 0; k < 3; ++k) sum[k] += offset_[root][k];
      root = parent_[root];
    }
    const Cells total = sum;
    while (parent_[i] != root && i != root) {
      const std::size_t next = parent_[i];
      const Cells own = offset_[i];
      parent_[i] = root, offset_[i] = sum;
      for (std::size_t k = 0; k < 3; ++k) sum[k] -= own[k];
      i = next;
    }
    return {root, total};
  }

  std::vector<std::size_t> parent_;
  std::vector<Cells> offset_;  ///< from the parent's cell to the site's
  std::vector<std::size_t> size_;
  std::vector<std::array<bool, 3>> wraps_;
};

}  // namespace heteroglass::structure
