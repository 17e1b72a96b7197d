/// Neighbours within a cut-off, in any periodic or open cell, of any size relative to the cut-off.
///
///     j is a neighbour of i  <=>  |r_j + H n - r_i| < r_cut  for an image n, (j, n) != (i, 0)
///
/// The list is full (each pair from both sides) and sorted: neighbours of atom i are first[i] .. first[i+1]-1, in ascending
/// (index, distance). Boxes smaller than twice the cut-off are right: an atom may then be its own neighbour, or the same
/// atom several times, once per image. Use `half = true` where each pair is wanted once.
///
/// Cost O(N neighbours) time and memory (32 bytes a neighbour, 4 more while it is built), threaded; the result does not
/// depend on the number of threads. Where neighbours are needed only once, CellList::visit keeps nothing.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/frame.hpp"
#include "neighbor/cell_list.hpp"

namespace heteroglass::neighbor {

/// Memory for long lists: in large pages where the system has them, a tenth of the cost of touching it first.
void* allocate_pages(std::size_t bytes);
void free_pages(void* memory, std::size_t bytes) noexcept;

/// Leaves elements unset when a vector is resized: the threads that fill a long list also touch its memory first.
template <class T> struct UnsetAllocator {
  using value_type = T;
  UnsetAllocator() = default;
  template <class U> UnsetAllocator(const UnsetAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_pages(n * sizeof(T))); }
  void deallocate(T* p, std::size_t n) noexcept { free_pages(p, n * sizeof(T)); }
  template <class U> void construct(U*) noexcept {}
  template <class U, class... Args> void construct(U* p, Args&&... args) { ::new (static_cast<void*>(p)) U{std::forward<Args>(args)...}; }
  friend bool operator==(const UnsetAllocator&, const UnsetAllocator&) { return true; }
};

struct NeighborList {
  std::vector<std::size_t> first;                             ///< [1, (atoms + 1)]
  std::vector<Neighbor, UnsetAllocator<Neighbor>> neighbors;  ///< [(pairs)]

  std::span<const Neighbor> of(std::size_t i) const { return {neighbors.data() + first[i], first[i + 1] - first[i]}; }
  std::size_t size() const { return first.empty() ? 0 : first.size() - 1; }
};

/// @param half keep each pair once (at the lower index; self-images once).
/// @throws InputError if r_cut is not positive and finite.
NeighborList neighbor_list(const Frame& frame, double r_cut, bool half = false);

}  // namespace heteroglass::neighbor
