/// Pictures of up to 256 colours as PNG bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace heteroglass::report {

using Colour = std::array<std::uint8_t, 3>;

/// PNG with a palette; colour `transparent` is left blank (a number outside the palette: none). Pixels stand row by row from the
/// top, width * height of them, each the place of its colour in the palette. Source: W3C PNG specification (ISO/IEC 15948).
std::string png(std::size_t width, std::size_t height, std::span<const std::uint8_t> pixels, std::span<const Colour> palette,
                std::size_t transparent);

}  // namespace heteroglass::report
