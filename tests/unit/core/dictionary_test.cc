#include "entente/core/dictionary.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(NameTable, NumbersNamesInOrderOfFirstUse) {
  NameTable names;
  EXPECT_EQ(names.find("Forum"), LabelId::kNone);
  EXPECT_EQ(names.find_or_add("Forum"), 0u);
  EXPECT_EQ(names.find_or_add("Event"), 1u);
  EXPECT_EQ(names.find_or_add("Forum"), 0u);
  EXPECT_EQ(names.find("Event"), 1u);
  EXPECT_EQ(names.find("event"), LabelId::kNone);
  EXPECT_EQ(names.name(1), "Event");
  EXPECT_EQ(names.size(), 2u);
}

TEST(NameTable, TakesAnyText) {
  NameTable names;
  const std::string odd("a\0b", 3);
  EXPECT_EQ(names.find_or_add(""), 0u);
  EXPECT_EQ(names.find_or_add(odd), 1u);
  EXPECT_EQ(names.find("a"), LabelId::kNone);
  EXPECT_EQ(names.find(odd), 1u);
}

TEST(NameTable, CopiesAreIndependent) {
  NameTable names;
  for (int i = 0; i < 100; ++i) names.find_or_add("name " + std::to_string(i));
  NameTable copy = names;
  copy.find_or_add("more");
  EXPECT_EQ(names.find("more"), LabelId::kNone);
  EXPECT_EQ(copy.find("name 57"), 57u);
}

TEST(LabelSets, SetZeroIsEmpty) {
  LabelSets sets;
  EXPECT_EQ(sets.size(), 1u);
  EXPECT_TRUE(sets.labels(0).empty());
  EXPECT_EQ(sets.find({}), 0u);
  EXPECT_EQ(sets.find_or_add({}), 0u);
}

TEST(LabelSets, KnowsASetAgain) {
  LabelSets sets;
  const std::vector<LabelId> one{LabelId(1)}, two{LabelId(1), LabelId(258)};
  EXPECT_EQ(sets.find(one), LabelSets::kNone);
  EXPECT_EQ(sets.find_or_add(one), 1u);
  EXPECT_EQ(sets.find_or_add(two), 2u);
  EXPECT_EQ(sets.find_or_add(one), 1u);
  EXPECT_EQ(sets.find(two), 2u);
  EXPECT_EQ(sets.labels(2), two);
}

TEST(Dictionary, FindsEachSortOfNameByItself) {
  Dictionary names;
  names.labels.find_or_add("x");
  names.types.find_or_add("y");
  EXPECT_EQ(names.label("x"), LabelId(0));
  EXPECT_FALSE(names.type("x").valid());
  EXPECT_EQ(names.type("y"), TypeId(0));
  EXPECT_FALSE(names.key("y").valid());
}

}  // namespace
}  // namespace entente
