#include "neighbor/neighbor_list.hpp"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <algorithm>
#include <new>

#include "core/vector_clones.hpp"

namespace heteroglass::neighbor {
namespace {

/// Places of the neighbours of the atoms of one block, atom after atom.
struct BlockPlaces {
  std::vector<std::int32_t> atoms, places;  ///< place of each atom; places of all their neighbours
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

namespace {
constexpr std::size_t large_page = std::size_t{1} << 21;

/// Alignment of a block: large blocks begin on a large page.
std::align_val_t alignment(std::size_t bytes) { return std::align_val_t{bytes < 2 * large_page ? 64 : large_page}; }
}  // namespace

void* allocate_pages(std::size_t bytes) {
  void* memory = ::operator new(bytes, alignment(bytes));
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * large_page) ::madvise(memory, bytes, MADV_HUGEPAGE);  // a hint: failure does no harm
#endif
  return memory;
}

void free_pages(void* memory, std::size_t bytes) noexcept { ::operator delete(memory, alignment(bytes)); }

NeighborList neighbor_list(const Frame& frame, double r_cut, bool half) {
  const CellList cells(frame, r_cut);
  NeighborList list;
  list.first.assign(frame.size() + 1, 0);
  std::vector<BlockPlaces> found(cells.blocks());
  const auto blocks = static_cast<std::int64_t>(cells.blocks());
#pragma omp parallel
  {
    Order order;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < blocks; ++b) {
      BlockPlaces& block = found[static_cast<std::size_t>(b)];
      cells.visit_places(static_cast<std::size_t>(b), half ? Pairs::by_index : Pairs::all,
                         [&](std::size_t i, std::int32_t place, std::span<const std::int32_t> near) {
                           block.atoms.push_back(place);
                           order(cells, place, near, block.places);
                           list.first[i + 1] = near.size();
                         });
    }
  }
  for (std::size_t i = 0; i < frame.size(); ++i) list.first[i + 1] += list.first[i];
  list.neighbors.resize(list.first.back());
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t b = 0; b < blocks; ++b) {
    BlockPlaces block = std::move(found[static_cast<std::size_t>(b)]);
    std::size_t k = 0;
    for (const std::int32_t atom : block.atoms) {
      const auto i = static_cast<std::size_t>(cells.index_at(atom));
      for (std::size_t out = list.first[i]; out < list.first[i + 1]; ++out, ++k)
        list.neighbors[out] = {cells.index_at(block.places[k]), cells.separation(atom, block.places[k])};
    }
  }
  return list;
}

}  // namespace heteroglass::neighbor
