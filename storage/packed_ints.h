// Arrays of unsigned integers in few bits.
//
// The array is cut into blocks of 128. A block holds its numbers either as differences to the smallest (frame of
// reference), or, if they ascend and that is smaller, as differences from one to the next; all differences of a block
// have the same width in bits, but for a few exceptions that stand by themselves where that is smaller. See FORMAT.md,
// "Packed integers". The methods are those of Goldstein, Ramakrishnan and Shaft, "Compressing relations and indexes"
// (ICDE 1998), and of Zukowski, Héman, Nes and Boncz, "Super-scalar RAM-CPU cache compression" (ICDE 2006).
//
// Pure functions; unpacking throws Damage unless the bytes hold exactly `count` numbers, and needs no more memory than
// these.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace entente {

std::string pack(std::span<const uint32_t> numbers);
std::string pack(std::span<const uint64_t> numbers);

void unpack(std::string_view bytes, size_t count, std::vector<uint32_t>& out);
void unpack(std::string_view bytes, size_t count, std::vector<uint64_t>& out);

}  // namespace entente
