/// Neighbours within a cut-off, in any periodic or open cell, of any size relative to the cut-off.
///
///     j is a neighbour of i  <=>  |r_j + H n - r_i| < r_cut  for an image n, (j, n) != (i, 0)
///
/// The list is full (each pair from both sides) and sorted: neighbours of an atom come in ascending (index, distance). Boxes
/// smaller than twice the cut-off are right: an atom may then be its own neighbour, or the same atom several times, once per
/// image. Use `half = true` where each pair is wanted once.
///
///     const NeighborList list = neighbor_list(frame, 3.8);
///     for (const Neighbor& n : list.of(i)) sum += norm(n.separation);
///
/// A row keeps four bytes a neighbour, its place among atoms and images; index and separation are made when it is read. It
/// is valid as long as the list. Cost O(N neighbours), threaded; the result does not depend on the number of threads. Where
/// neighbours are needed only once, CellList::visit keeps nothing.
#pragma once

#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

#include "core/frame.hpp"
#include "neighbor/cell_list.hpp"

namespace heteroglass::neighbor {

/// The neighbours of one atom: a random-access range of Neighbor values.
class NeighborRow {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Neighbor;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Neighbor;

    iterator() = default;
    iterator(const CellList* cells, std::int32_t from, const std::int32_t* place) : cells_(cells), place_(place), from_(from) {}
    Neighbor operator*() const { return {cells_->index_at(*place_), cells_->separation(from_, *place_)}; }
    iterator& operator++() { return ++place_, *this; }
    iterator operator++(int) { return {cells_, from_, place_++}; }
    bool operator==(const iterator& o) const { return place_ == o.place_; }

   private:
    const CellList* cells_ = nullptr;
    const std::int32_t* place_ = nullptr;
    std::int32_t from_ = 0;
  };

  NeighborRow(const CellList& cells, std::int32_t from, const std::int32_t* places, std::size_t size)
      : cells_(&cells), places_(places), size_(size), from_(from) {}
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Neighbor operator[](std::size_t k) const { return {cells_->index_at(places_[k]), cells_->separation(from_, places_[k])}; }
  iterator begin() const { return {cells_, from_, places_}; }
  iterator end() const { return {cells_, from_, places_ + size_}; }

 private:
  const CellList* cells_;
  const std::int32_t* places_;
  std::size_t size_;
  std::int32_t from_;
};

class NeighborList {
 public:
  /// As neighbor_list.
  NeighborList(const Frame& frame, double r_cut, bool half = false);

  std::size_t size() const { return rows_.size(); }  ///< atoms
  std::size_t pairs() const { return pairs_; }       ///< neighbours of all atoms together
  NeighborRow of(std::size_t i) const {
    const Row& r = rows_[i];
    return {cells_, r.from, r.places, r.size};
  }

 private:
  struct Row {
    const std::int32_t* places;
    std::uint32_t size;
    std::int32_t from;  ///< place of the atom
  };
  CellList cells_;
  std::vector<Row> rows_;                                ///< by atom
  std::vector<std::unique_ptr<std::int32_t[]>> chunks_;  ///< hold the rows, in no order
  std::size_t pairs_ = 0;
};

/// @param half keep each pair once (at the lower index; self-images once).
/// @throws InputError if r_cut is not positive and finite.
inline NeighborList neighbor_list(const Frame& frame, double r_cut, bool half = false) { return {frame, r_cut, half}; }

}  // namespace heteroglass::neighbor
