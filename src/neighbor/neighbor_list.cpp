#include "neighbor/neighbor_list.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "core/vector_clones.hpp"

namespace heteroglass::neighbor {
namespace {

/// Memory of one thread, taken row by row; rows never move.
class Chunks {
 public:
  std::int32_t* take(std::size_t n) {
    if (n > left_) {
      left_ = std::max(n, std::size_t{1} << 16);
      chunks_.push_back(std::make_unique_for_overwrite<std::int32_t[]>(left_));
      next_ = chunks_.back().get();
    }
    left_ -= n;
    return std::exchange(next_, next_ + n);
  }
  std::vector<std::unique_ptr<std::int32_t[]>>& all() { return chunks_; }

 private:
  std::vector<std::unique_ptr<std::int32_t[]>> chunks_;
  std::int32_t* next_ = nullptr;
  std::size_t left_ = 0;
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
  void operator()(const CellList& cells, std::int32_t from, std::span<const std::int32_t> places, std::int32_t* sorted) {
    const std::size_t n = places.size();
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
  std::size_t pairs = 0;
#pragma omp parallel reduction(+ : pairs)
  {
    Order order;
    Chunks mine;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < static_cast<std::int64_t>(cells_.blocks()); ++b)
      cells_.visit_places(static_cast<std::size_t>(b), half ? Pairs::by_index : Pairs::all,
                          [&](std::size_t i, std::int32_t place, std::span<const std::int32_t> near) {
                            std::int32_t* places = mine.take(near.size());
                            order(cells_, place, near, places);
                            rows_[i] = {places, static_cast<std::uint32_t>(near.size()), place};
                            pairs += near.size();
                          });
#pragma omp critical(heteroglass_neighbor_list)
    std::move(mine.all().begin(), mine.all().end(), std::back_inserter(chunks_));
  }
  pairs_ = pairs;
}

}  // namespace heteroglass::neighbor
