// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controller that the chips' lines end at.
 *
 * An irq_domain of our own with one level-high interrupt a chip, so that the
 * driver's request_irq(), the mask and unmask around its handler and the line
 * in /proc/interrupts are the kernel's own. irq_sim would not do: it knows
 * edges only, and Debian's kernels leave it out.
 *
 * Level means: when the core unmasks and the line is still high, the handler
 * must run again. The core holds the descriptor's lock then, so the flow
 * handler is left to an irq_work.
 */
#include <linux/err.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>

#include "hw.h"

static struct irq_domain *domain;
static struct fwnode_handle *fwnode;

/*
 * All three are called under the descriptor's lock, in any context, with
 * interrupts off.
 */
static void hw_irq_mask(struct irq_data *data)
{
	struct slowdev_hw *hw = irq_data_get_irq_chip_data(data);

	/* no lock: who has just seen it true may be on his way here as well */
	WRITE_ONCE(hw->irq_enabled, false);
}

static void hw_irq_unmask(struct irq_data *data)
{
	slowdev_hw_unmask(irq_data_get_irq_chip_data(data));
}

static int hw_irq_set_type(struct irq_data *data, unsigned int type)
{
	return type == IRQ_TYPE_LEVEL_HIGH ? 0 : -EINVAL;
}

static struct irq_chip hw_irq_chip = {
	.name		= "slowchip",
	.irq_mask	= hw_irq_mask,
	.irq_unmask	= hw_irq_unmask,
	.irq_set_type	= hw_irq_set_type,
};

static int hw_irq_domain_map(struct irq_domain *d, unsigned int virq,
			     irq_hw_number_t hwirq)
{
	struct slowdev_hw *chips = d->host_data;

	irq_set_chip_data(virq, &chips[hwirq]);
	irq_set_chip_and_handler(virq, &hw_irq_chip, handle_level_irq);
	irq_modify_status(virq, IRQ_NOREQUEST, IRQ_NOPROBE);
	chips[hwirq].desc = irq_data_to_desc(irq_get_irq_data(virq));
	return 0;
}

static void hw_irq_domain_unmap(struct irq_domain *d, unsigned int virq)
{
	irq_set_chip_and_handler(virq, NULL, NULL);
	irq_set_chip_data(virq, NULL);
}

static const struct irq_domain_ops hw_irq_domain_ops = {
	.map	= hw_irq_domain_map,
	.unmap	= hw_irq_domain_unmap,
};

/* Process context. 0 or a negative errno. */
int slowdev_hw_irq_init(struct slowdev_hw *chips, unsigned int count)
{
	fwnode = irq_domain_alloc_named_fwnode("slowdev_hw");
	if (!fwnode)
		return -ENOMEM;
	domain = irq_domain_create_linear(fwnode, count, &hw_irq_domain_ops,
					  chips);
	if (IS_ERR_OR_NULL(domain)) {
		irq_domain_free_fwnode(fwnode);
		return domain ? PTR_ERR(domain) : -ENOMEM;
	}
	return 0;
}

/* All mappings are gone. */
void slowdev_hw_irq_exit(void)
{
	irq_domain_remove(domain);
	irq_domain_free_fwnode(fwnode);
}

/* The Linux interrupt number of chip @id, or a negative errno. */
int slowdev_hw_irq_map(unsigned int id)
{
	unsigned int virq = irq_create_mapping(domain, id);

	return virq ? virq : -ENOMEM;
}

void slowdev_hw_irq_unmap(unsigned int id)
{
	irq_dispose_mapping(irq_find_mapping(domain, id));
}

/* Run the flow handler: hard interrupt context, hw->lock not held. */
void slowdev_hw_irq_handle(const struct slowdev_hw *hw)
{
	generic_handle_irq_desc(hw->desc);
}
