#include "neighbor/neighbor_list.hpp"

#include <algorithm>
#include <limits>

namespace heteroglass::neighbor {
namespace {

/// Places of the neighbours of the atoms of one block, atom after atom.
struct BlockPlaces {
  std::vector<std::int32_t> atoms, places;  ///< place of each atom; places of all their neighbours
};

/// By index, then distance, then place. Keys hold index and place, so that one comparison of integers orders them.
void sort_places(const CellList& cells, std::int32_t from, std::vector<std::uint64_t>& keys) {
  std::sort(keys.begin(), keys.end());
  if (!cells.several_images()) return;
  const auto place = [](std::uint64_t key) { return static_cast<std::int32_t>(key & 0xffffffffu); };
  std::stable_sort(keys.begin(), keys.end(), [&](std::uint64_t a, std::uint64_t b) {
    if (a >> 32 != b >> 32) return a < b;
    return norm2(cells.separation(from, place(a))) < norm2(cells.separation(from, place(b)));
  });
}

}  // namespace

NeighborList neighbor_list(const Frame& frame, double r_cut, bool half) {
  const CellList cells(frame, r_cut);
  NeighborList list;
  list.first.assign(frame.size() + 1, 0);
  std::vector<BlockPlaces> found(cells.blocks());
  const auto blocks = static_cast<std::int64_t>(cells.blocks());
#pragma omp parallel
  {
    std::vector<std::uint64_t> keys;
#pragma omp for schedule(dynamic)
    for (std::int64_t b = 0; b < blocks; ++b) {
      BlockPlaces& block = found[static_cast<std::size_t>(b)];
      cells.visit_places(static_cast<std::size_t>(b), half ? Pairs::by_index : Pairs::all,
                         [&](std::size_t i, std::int32_t place, std::span<const std::int32_t> near) {
                           keys.resize(near.size());
                           for (std::size_t k = 0; k < near.size(); ++k)
                             keys[k] = static_cast<std::uint64_t>(cells.index_at(near[k])) << 32 | static_cast<std::uint32_t>(near[k]);
                           sort_places(cells, place, keys);
                           block.atoms.push_back(place);
                           for (std::uint64_t key : keys) block.places.push_back(static_cast<std::int32_t>(key & 0xffffffffu));
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
