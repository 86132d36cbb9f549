package brain

// key orders what waits: by a, then b, then c, then d, the least first. No two in one tree are the same.
type key struct{ a, b, c, d int64 }

func (k key) less(o key) bool {
	if k.a != o.a {
		return k.a < o.a
	}
	if k.b != o.b {
		return k.b < o.b
	}
	if k.c != o.c {
		return k.c < o.c
	}
	return k.d < o.d
}

// node is the place of an item in a tree; it lives in the item, so that nothing is allocated.
type node[T any] struct {
	key         key
	item        T
	left, right *node[T]
	size        int32  // of what is below it, and itself; zero: in no tree
	weight      uint32 // a parent's is greater than its children's
}

func (n *node[T]) in() bool { return n.size > 0 }

// tree is an ordered set (a treap) with the cost of the logarithm for all it does. Its shape comes of a fixed sequence of
// weights, so that the same history gives the same tree. The zero value is empty.
type tree[T any] struct {
	root *node[T]
	last uint64
}

func (n *node[T]) count() int32 {
	if n == nil {
		return 0
	}
	return n.size
}

func (n *node[T]) sum() { n.size = n.left.count() + n.right.count() + 1 }

func (t *tree[T]) len() int { return int(t.root.count()) }

// insert puts the node in its place.
func (t *tree[T]) insert(n *node[T]) {
	t.last += 0x9e3779b97f4a7c15 // splitmix64
	w := (t.last ^ t.last>>30) * 0xbf58476d1ce4e5b9
	n.weight = uint32(w >> 32)
	at := &t.root
	for *at != nil && (*at).weight >= n.weight {
		(*at).size++
		at = (*at).side(n.key)
	}
	n.left, n.right = split(*at, n.key)
	n.sum()
	*at = n
}

// side is the child that a key belongs under.
func (n *node[T]) side(k key) **node[T] {
	if k.less(n.key) {
		return &n.left
	}
	return &n.right
}

// split parts what is before a key from what is not.
func split[T any](n *node[T], k key) (before, rest *node[T]) {
	if n == nil {
		return nil, nil
	}
	if n.key.less(k) {
		n.right, rest = split(n.right, k)
		n.sum()
		return n, rest
	}
	before, n.left = split(n.left, k)
	n.sum()
	return before, n
}

// merge joins two trees of which the first is before the second.
func merge[T any](x, y *node[T]) *node[T] {
	switch {
	case x == nil:
		return y
	case y == nil:
		return x
	case x.weight >= y.weight:
		x.right = merge(x.right, y)
		x.sum()
		return x
	}
	y.left = merge(x, y.left)
	y.sum()
	return y
}

// remove takes the node out, if it is in.
func (t *tree[T]) remove(n *node[T]) {
	if !n.in() {
		return
	}
	at := &t.root
	for *at != n {
		(*at).size--
		at = (*at).side(n.key)
	}
	*at = merge(n.left, n.right)
	n.left, n.right, n.size = nil, nil, 0
}

// first is the least node, nil in an empty tree.
func (t *tree[T]) first() *node[T] {
	n := t.root
	for n != nil && n.left != nil {
		n = n.left
	}
	return n
}

// from is the first node that is not before a key.
func (t *tree[T]) from(k key) *node[T] {
	var found *node[T]
	for n := t.root; n != nil; {
		if n.key.less(k) {
			n = n.right
		} else {
			found, n = n, n.left
		}
	}
	return found
}

// next is the node after another.
func (t *tree[T]) next(n *node[T]) *node[T] {
	k := n.key
	k.d++
	return t.from(k)
}

// before counts the nodes before a key.
func (t *tree[T]) before(k key) int {
	count := 0
	for n := t.root; n != nil; {
		if n.key.less(k) {
			count += int(n.left.count()) + 1
			n = n.right
		} else {
			n = n.left
		}
	}
	return count
}
