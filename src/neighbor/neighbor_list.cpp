#include "neighbor/neighbor_list.hpp"

#include <algorithm>
#include <span>

#include "core/vector_clones.hpp"

namespace heteroglass::neighbor {
namespace {

/// Places of the neighbours of the atoms of one block, atom after atom.
struct BlockPlaces {
  std::vector<std::int32_t> atoms, places;  ///< index of each atom; places of all their neighbours
};

/// Writes places[k] to its rank among distinct indices. For the lengths met here (tens) this beats sorting, since the inner
/// loop is a vector comparison without branches.
HETEROGLASS_VECTOR_CLONES
void order_by_rank(const std::int32_t* index, const std::int32_t* places, std::size_t n, std::int32_t* rank, std::int32_t* out) {
  for (std::size_t k = 0; k < n; ++k) rank[k] = 0;
  for (std::size_t l = 0; l < n; ++l) {
    const std::int32_t other = index[l];
    for (std::size_t k = 0; k < n; ++k) rank[k] += other < index[k];
  }
  for (std::size_t k = 0; k < n; ++k) out[rank[k]] = places[k];
}

/// Orders the places of an atom's neighbours by index, then distance, then place.
class Order {
 public:
  void operator()(const CellList& cells, std::int32_t from, std::span<const std::int32_t> places, std::vector<std::int32_t>& out) {
    const std::size_t begin = out.size(), n = places.size();
    out.resize(begin + n);
    std::int32_t* sorted = out.data() + begin;
    if (!cells.several_images() && n < 300) {
      if (index_.size() < n) index_.resize(2 * n), rank_.resize(2 * n);
      for (std::size_t k = 0; k < n; ++k) index_[k] = cells.index_at(places[k]);
      order_by_rank(index_.data(), places.data(), n, rank_.data(), sorted);
      return;
    }
    std::copy(places.begin(), places.end(), sorted);
    std::sort(sorted, sorted + n, [&](std::int32_t a, std::int32_t b) {
      if (cells.index_at(a) != cells.index_at(b)) return cells.index_at(a) < cells.index_at(b);
      const double da = norm2(cells.separation(from, a)), db = norm2(cells.separation(from, b));
      return da != db ? da < db : a < b;
    });
  }

 private:
  std::vector<std::int32_t> index_, rank_;
};

}  // namespace

NeighborList::NeighborList(const Frame& frame, double r_cut, bool half) : cells_(frame, r_cut), rows_(frame.size()) {
  std::vector<BlockPlaces> found(cells_.blocks());
  const auto blocks = static_cast<std::int64_t>(cells_.blocks());
#pragma omp parallel
  {
    Order order;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < blocks; ++b) {
      BlockPlaces& block = found[static_cast<std::size_t>(b)];
      cells_.visit_places(static_cast<std::size_t>(b), half ? Pairs::by_index : Pairs::all,
                          [&](std::size_t i, std::int32_t place, std::span<const std::int32_t> near) {
                            rows_[i] = {block.places.size(), static_cast<std::uint32_t>(near.size()), place};
                            block.atoms.push_back(static_cast<std::int32_t>(i));
                            order(cells_, place, near, block.places);
                          });
    }
  }
  std::vector<std::size_t> begin(found.size() + 1, 0);
  for (std::size_t b = 0; b < found.size(); ++b) begin[b + 1] = begin[b] + found[b].places.size();
  pairs_ = begin.back();
  places_ = std::make_unique_for_overwrite<std::int32_t[]>(pairs_);
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t row = 0; row < blocks; ++row) {
    const auto b = static_cast<std::size_t>(row);
    const BlockPlaces block = std::move(found[b]);
    std::copy(block.places.begin(), block.places.end(), places_.get() + begin[b]);
    for (const std::int32_t i : block.atoms) rows_[static_cast<std::size_t>(i)].begin += begin[b];
  }
}

}  // namespace heteroglass::neighbor
